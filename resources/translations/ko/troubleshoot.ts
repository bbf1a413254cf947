<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>linnet</name>
    <message>
        <source>1 · The window</source>
        <translation>1 · 창</translation>
    </message>
    <message>
        <source>2 · Linnet's service</source>
        <translation>2 · Linnet 서비스</translation>
    </message>
    <message>
        <source>3 · Machine '{name}'</source>
        <translation>3 · 머신 '{name}'</translation>
    </message>
    <message>
        <source>3 · The machine</source>
        <translation>3 · 머신</translation>
    </message>
    <message>
        <source>4 · Machine '{name}' and all that is in it</source>
        <translation>4 · 머신 '{name}'와(과) 그 안의 모든 것</translation>
    </message>
    <message>
        <source>4 · The machine and all that is in it</source>
        <translation>4 · 머신과 그 안의 모든 것</translation>
    </message>
    <message>
        <source>All its images, containers and volumes are lost for good. Folders on this computer stay.</source>
        <translation>그 이미지, 컨테이너, 볼륨을 모두 영영 잃습니다. 이 컴퓨터의 폴더는 남습니다.</translation>
    </message>
    <message>
        <source>Archives (*.tar.gz)</source>
        <translation>압축 파일(*.tar.gz)</translation>
    </message>
    <message>
        <source>Checks</source>
        <translation>점검</translation>
    </message>
    <message>
        <source>Checks need Linnet's service.</source>
        <translation>점검에는 Linnet 서비스가 필요합니다.</translation>
    </message>
    <message>
        <source>Choices for this window, its size, columns and sort orders are as at the first start again.</source>
        <translation>이 창의 선택 사항과 크기, 열, 정렬 순서가 처음 시작할 때처럼 됩니다.</translation>
    </message>
    <message>
        <source>Columns, their widths and sort orders in all lists</source>
        <translation>모든 목록의 열과 그 너비, 정렬 순서</translation>
    </message>
    <message>
        <source>Delete machine …</source>
        <translation>머신 삭제 …</translation>
    </message>
    <message>
        <source>End of the log of Linnet's service</source>
        <translation>Linnet 서비스 로그의 끝부분</translation>
    </message>
    <message>
        <source>Ending Linnet's service …</source>
        <translation>Linnet 서비스를 끝내는 중 …</translation>
    </message>
    <message>
        <source>Fine</source>
        <translation>정상</translation>
    </message>
    <message>
        <source>For whoever shall find out what is wrong.</source>
        <translation>무엇이 잘못되었는지 알아낼 사람을 위한 것입니다.</translation>
    </message>
    <message>
        <source>It does not answer; ending process {number} …</source>
        <translation>응답하지 않습니다. 프로세스 {number}을(를) 끝내는 중 …</translation>
    </message>
    <message>
        <source>It stays on this computer: nothing is sent anywhere. Have a look into it before you pass it on.</source>
        <translation>이 컴퓨터에만 남으며 어디로도 보내지 않습니다. 건네기 전에 내용을 확인하십시오.</translation>
    </message>
    <message>
        <source>Its images, containers and volumes stay. Containers with a restart policy come back by themselves.</source>
        <translation>이미지, 컨테이너, 볼륨은 남습니다. 재시작 정책이 있는 컨테이너는 스스로 다시 시작합니다.</translation>
    </message>
    <message>
        <source>Language, appearance and the other choices under 'This window' in the settings</source>
        <translation>언어, 모양 등 설정의 '이 창'에 있는 선택 사항</translation>
    </message>
    <message>
        <source>Linnet goes on trying to reach it.</source>
        <translation>Linnet이 계속 연결을 시도합니다.</translation>
    </message>
    <message>
        <source>Linnet's service does not end, and its process is not known.</source>
        <translation>Linnet 서비스가 끝나지 않고, 그 프로세스를 알 수 없습니다.</translation>
    </message>
    <message>
        <source>Linnet's service is gone.</source>
        <translation>Linnet 서비스가 사라졌습니다.</translation>
    </message>
    <message>
        <source>Log of the service</source>
        <translation>서비스 로그</translation>
    </message>
    <message>
        <source>Log out and in again, or end the process 'linnetd' by hand.</source>
        <translation>로그아웃했다가 다시 로그인하거나 'linnetd' 프로세스를 직접 끝내십시오.</translation>
    </message>
    <message>
        <source>Machines and containers go on. Ports and the Docker API are away for some seconds.</source>
        <translation>머신과 컨테이너는 계속 실행됩니다. 포트와 Docker API는 몇 초 동안 쓸 수 없습니다.</translation>
    </message>
    <message>
        <source>Machines and containers go on. Terminals and followed logs end, what Linnet is doing at the moment is cut off, and ports and the Docker API are away for some seconds.</source>
        <translation>머신과 컨테이너는 계속 실행됩니다. 터미널과 보고 있던 로그는 끝나고, Linnet이 지금 하던 일은 끊기며, 포트와 Docker API는 몇 초 동안 쓸 수 없습니다.</translation>
    </message>
    <message>
        <source>Mend all</source>
        <translation>모두 고치기</translation>
    </message>
    <message>
        <source>Mend what the checks found</source>
        <translation>점검에서 나온 문제 고치기</translation>
    </message>
    <message>
        <source>No check found anything wrong.</source>
        <translation>점검에서 잘못된 것을 찾지 못했습니다.</translation>
    </message>
    <message>
        <source>Nothing else is lost: settings of Linnet and of machines, log-ins and all data stay.</source>
        <translation>그 밖에는 아무것도 잃지 않습니다. Linnet과 머신의 설정, 로그인, 모든 데이터는 남습니다.</translation>
    </message>
    <message>
        <source>One archive with the results of the checks, versions, the state of machines, settings files and the ends of all logs.</source>
        <translation>점검 결과, 버전, 머신 상태, 설정 파일, 모든 로그의 끝부분이 든 압축 파일 하나입니다.</translation>
    </message>
    <message>
        <source>Passwords, tokens, keys and log-ins are taken out, and so are your name, your home folder and the name of this computer. Disks, containers and volumes are not looked at.</source>
        <translation>암호, 토큰, 키, 로그인 정보를 비롯해 사용자 이름, 홈 폴더, 이 컴퓨터의 이름도 빠집니다. 디스크, 컨테이너, 볼륨은 들여다보지 않습니다.</translation>
    </message>
    <message>
        <source>Process {number} cannot be ended.</source>
        <translation>프로세스 {number}을(를) 끝낼 수 없습니다.</translation>
    </message>
    <message>
        <source>Process {number} is not Linnet's service; nothing was ended.</source>
        <translation>프로세스 {number}은(는) Linnet 서비스가 아닙니다. 아무것도 끝내지 않았습니다.</translation>
    </message>
    <message>
        <source>Read again</source>
        <translation>다시 읽기</translation>
    </message>
    <message>
        <source>Reset the window?</source>
        <translation>창을 초기화할까요?</translation>
    </message>
    <message>
        <source>Reset window</source>
        <translation>창 초기화</translation>
    </message>
    <message>
        <source>Reset window …</source>
        <translation>창 초기화 …</translation>
    </message>
    <message>
        <source>Restart Linnet's service</source>
        <translation>Linnet 서비스 재시작</translation>
    </message>
    <message>
        <source>Restart Linnet's service?</source>
        <translation>Linnet 서비스를 재시작할까요?</translation>
    </message>
    <message>
        <source>Restart machine</source>
        <translation>머신 재시작</translation>
    </message>
    <message>
        <source>Restart machine …</source>
        <translation>머신 재시작 …</translation>
    </message>
    <message>
        <source>Restart service</source>
        <translation>서비스 재시작</translation>
    </message>
    <message>
        <source>Restart service …</source>
        <translation>서비스 재시작 …</translation>
    </message>
    <message>
        <source>Run again</source>
        <translation>다시 점검</translation>
    </message>
    <message>
        <source>Run the checks again</source>
        <translation>다시 점검하기</translation>
    </message>
    <message>
        <source>Running containers end; those with a restart policy come back. All that is on disk stays.</source>
        <translation>실행 중인 컨테이너는 끝나고, 재시작 정책이 있는 것은 다시 시작합니다. 디스크에 있는 것은 모두 남습니다.</translation>
    </message>
    <message>
        <source>Save support bundle</source>
        <translation>지원 묶음 저장</translation>
    </message>
    <message>
        <source>Save support bundle …</source>
        <translation>지원 묶음 저장 …</translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation>폴더에서 보기</translation>
    </message>
    <message>
        <source>Size and place of the window</source>
        <translation>창의 크기와 위치</translation>
    </message>
    <message>
        <source>Skipped</source>
        <translation>건너뜀</translation>
    </message>
    <message>
        <source>Start over</source>
        <translation>초기화</translation>
    </message>
    <message>
        <source>Starting Linnet's service …</source>
        <translation>Linnet 서비스를 시작하는 중 …</translation>
    </message>
    <message>
        <source>Support bundle</source>
        <translation>지원 묶음</translation>
    </message>
    <message>
        <source>Switch it off first, for a machine that hangs</source>
        <translation>먼저 전원을 끄기(응답하지 않는 머신일 때)</translation>
    </message>
    <message>
        <source>Terminals and followed logs that are open, here and elsewhere</source>
        <translation>여기와 다른 곳에 열려 있는 터미널과 보고 있는 로그</translation>
    </message>
    <message>
        <source>The machine and the engine in it stop and start again.</source>
        <translation>머신과 그 안의 엔진을 중지했다가 다시 시작합니다.</translation>
    </message>
    <message>
        <source>The machine goes, with its disk; afterwards you can make a new one.</source>
        <translation>머신과 그 디스크가 사라집니다. 그 뒤에 새로 만들 수 있습니다.</translation>
    </message>
    <message>
        <source>The window is made anew. Nothing else is touched.</source>
        <translation>창을 새로 만듭니다. 다른 것은 건드리지 않습니다.</translation>
    </message>
    <message>
        <source>There is no log yet.</source>
        <translation>아직 로그가 없습니다.</translation>
    </message>
    <message>
        <source>These are from before: checks need Linnet's service.</source>
        <translation>이전 결과입니다. 점검에는 Linnet 서비스가 필요합니다.</translation>
    </message>
    <message>
        <source>Try them in this order; each does more than the one before.</source>
        <translation>이 순서대로 해 보십시오. 뒤로 갈수록 더 많은 것을 되돌립니다.</translation>
    </message>
    <message>
        <source>Warning</source>
        <translation>경고</translation>
    </message>
    <message>
        <source>What containers have in memory, and open terminals</source>
        <translation>컨테이너의 메모리에 있는 것과 열린 터미널</translation>
    </message>
    <message>
        <source>When it is switched off: what was not written to its disk yet</source>
        <translation>전원을 끌 때: 아직 디스크에 쓰지 않은 것</translation>
    </message>
    <message>
        <source>linnetd, the service behind this window, ends and starts again; one that hangs is ended.</source>
        <translation>이 창 뒤에서 도는 서비스 linnetd를 끝내고 다시 시작합니다. 응답하지 않으면 강제로 끝냅니다.</translation>
    </message>
    <message>
        <source>{n} are fine.</source>
        <translation>{n}개는 정상입니다.</translation>
    </message>
    <message>
        <source>{n} check found something.</source>
        <translation>점검 {n}개에서 문제가 나왔습니다.</translation>
    </message>
    <message>
        <source>{n} checks found something.</source>
        <translation>점검 {n}개에서 문제가 나왔습니다.</translation>
    </message>
    <message>
        <source>{n} container ends</source>
        <translation>컨테이너 {n}개가 끝납니다</translation>
    </message>
    <message>
        <source>{n} containers end</source>
        <translation>컨테이너 {n}개가 끝납니다</translation>
    </message>
    <message>
        <source>{n} is fine.</source>
        <translation>{n}개는 정상입니다.</translation>
    </message>
    <message>
        <source>{n} running task of this window</source>
        <translation>이 창에서 진행 중인 작업 {n}개</translation>
    </message>
    <message>
        <source>{n} running tasks of this window</source>
        <translation>이 창에서 진행 중인 작업 {n}개</translation>
    </message>
    <message>
        <source>{path} was written, {size}.</source>
        <translation>{path} 파일을 만들었습니다({size}).</translation>
    </message>
</context>
</TS>
