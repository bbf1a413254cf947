<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>linnet</name>
    <message>
        <source>All choices can be changed later, on the page Machines.</source>
        <translation>모든 선택은 나중에 머신 페이지에서 바꿀 수 있습니다.</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>뒤로</translation>
    </message>
    <message>
        <source>Begin</source>
        <translation>시작하기</translation>
    </message>
    <message>
        <source>Cancelling …</source>
        <translation>취소하는 중 …</translation>
    </message>
    <message>
        <source>Containers may use your home folder ({path})</source>
        <translation>컨테이너가 홈 폴더({path})를 쓸 수 있게 하기</translation>
    </message>
    <message>
        <source>Containers need Linux. Linnet makes a small Linux machine for them on this computer, and keeps it.</source>
        <translation>컨테이너에는 Linux가 필요합니다. Linnet은 이 컴퓨터에 컨테이너를 위한 작은 Linux 머신을 만들어 관리합니다.</translation>
    </message>
    <message>
        <source>Everything belongs to you alone: no account, no system service, nothing leaves this computer.</source>
        <translation>모든 것이 사용자만의 것입니다. 계정도, 시스템 서비스도 필요 없고, 이 컴퓨터 밖으로 나가는 것도 없습니다.</translation>
    </message>
    <message>
        <source>Go on without it</source>
        <translation>이것 없이 계속</translation>
    </message>
    <message>
        <source>Have the guest image: the small Linux that the machine boots</source>
        <translation>게스트 이미지 준비: 머신이 부팅할 작은 Linux</translation>
    </message>
    <message>
        <source>In it runs a first container, 'hello'; remove it whenever you like.</source>
        <translation>그 안에서 첫 컨테이너 'hello'가 실행 중입니다. 언제든지 제거해도 됩니다.</translation>
    </message>
    <message>
        <source>It takes a few minutes, the first time only. You can go on working meanwhile.</source>
        <translation>처음 한 번만 몇 분이 걸립니다. 그동안 다른 일을 계속할 수 있습니다.</translation>
    </message>
    <message>
        <source>Linnet is ready</source>
        <translation>Linnet을 쓸 준비가 되었습니다</translation>
    </message>
    <message>
        <source>Machine '{name}' is left: {reason}</source>
        <translation>머신 '{name}'이(가) 남아 있습니다: {reason}</translation>
    </message>
    <message>
        <source>Machine '{name}' is there and runs; only the first container does not.</source>
        <translation>머신 '{name}'은(는) 만들어져 실행 중이지만 첫 컨테이너는 실행되지 않았습니다.</translation>
    </message>
    <message>
        <source>Machine '{name}' runs.</source>
        <translation>머신 '{name}'이(가) 실행 중입니다.</translation>
    </message>
    <message>
        <source>Machine '{name}' was made and is kept; trying again goes on with it.</source>
        <translation>머신 '{name}'을(를) 만들었고 그대로 두었습니다. 다시 시도하면 이어서 진행합니다.</translation>
    </message>
    <message>
        <source>Machine '{name}' was there before, and is kept.</source>
        <translation>머신 '{name}'은(는) 전부터 있었으며 그대로 두었습니다.</translation>
    </message>
    <message>
        <source>Make the machine</source>
        <translation>머신 만들기</translation>
    </message>
    <message>
        <source>More shared folders</source>
        <translation>다른 공유 폴더</translation>
    </message>
    <message>
        <source>No machine was made.</source>
        <translation>머신을 만들지 않았습니다.</translation>
    </message>
    <message>
        <source>Open Machines</source>
        <translation>머신 열기</translation>
    </message>
    <message>
        <source>Open containers</source>
        <translation>컨테이너 열기</translation>
    </message>
    <message>
        <source>Open dashboard</source>
        <translation>대시보드 열기</translation>
    </message>
    <message>
        <source>Run a first container</source>
        <translation>첫 컨테이너 실행</translation>
    </message>
    <message>
        <source>Set up</source>
        <translation>설정하기</translation>
    </message>
    <message>
        <source>Setting up Linnet</source>
        <translation>Linnet을 설정하는 중</translation>
    </message>
    <message>
        <source>Start Linnet when I log in, as an icon only</source>
        <translation>로그인할 때 Linnet을 아이콘으로만 시작</translation>
    </message>
    <message>
        <source>Start it and wait for the engine</source>
        <translation>머신을 시작하고 엔진을 기다리기</translation>
    </message>
    <message>
        <source>Start the machine with it</source>
        <translation>머신도 함께 시작</translation>
    </message>
    <message>
        <source>That did not work</source>
        <translation>잘되지 않았습니다</translation>
    </message>
    <message>
        <source>The guest image stays on this computer for the next time.</source>
        <translation>게스트 이미지는 다음을 위해 이 컴퓨터에 남겨 둡니다.</translation>
    </message>
    <message>
        <source>The unfinished machine was removed again.</source>
        <translation>완성되지 않은 머신은 다시 제거했습니다.</translation>
    </message>
    <message>
        <source>There is a machine already: {names}. More are made on the page Machines.</source>
        <translation>이미 머신이 있습니다: {names}. 다른 머신은 머신 페이지에서 만듭니다.</translation>
    </message>
    <message>
        <source>This is what it said:</source>
        <translation>컨테이너가 한 말:</translation>
    </message>
    <message>
        <source>Welcome to Linnet</source>
        <translation>Linnet에 오신 것을 환영합니다</translation>
    </message>
    <message>
        <source>What the first container said</source>
        <translation>첫 컨테이너가 한 말</translation>
    </message>
    <message>
        <source>What the machine gets</source>
        <translation>머신에 줄 것</translation>
    </message>
    <message>
        <source>What was downloaded is kept: the next time goes on from there.</source>
        <translation>내려받은 것은 남겨 둡니다. 다음에는 거기서부터 이어집니다.</translation>
    </message>
    <message>
        <source>What was said</source>
        <translation>기록된 내용</translation>
    </message>
    <message>
        <source>done</source>
        <translation>완료</translation>
    </message>
    <message>
        <source>under way</source>
        <translation>진행 중</translation>
    </message>
    <message>
        <source>waits</source>
        <translation>대기</translation>
    </message>
</context>
</TS>
