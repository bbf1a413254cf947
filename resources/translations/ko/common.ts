<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>linnet</name>
    <message>
        <source>A support bundle (Troubleshoot) holds what is needed to find out.</source>
        <translation>원인을 찾는 데 필요한 자료는 지원 번들(문제 해결)에 담깁니다.</translation>
    </message>
    <message>
        <source>Age</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation>모양</translation>
    </message>
    <message>
        <source>CPU</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>취소</translation>
    </message>
    <message>
        <source>Clear what is shown</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close</source>
        <translation>닫기</translation>
    </message>
    <message>
        <source>Close message</source>
        <translation>메시지 닫기</translation>
    </message>
    <message>
        <source>Command</source>
        <translation>명령</translation>
    </message>
    <message>
        <source>Commands</source>
        <translation>명령</translation>
    </message>
    <message>
        <source>Connecting to Linnet's service …</source>
        <translation>Linnet 서비스에 연결하는 중 …</translation>
    </message>
    <message>
        <source>Connecting …</source>
        <translation>연결하는 중 …</translation>
    </message>
    <message>
        <source>Container</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Containers</source>
        <translation>컨테이너</translation>
    </message>
    <message>
        <source>Containers run in a small Linux machine. Make one; it takes a minute.</source>
        <translation>컨테이너는 작은 Linux 머신 안에서 실행됩니다. 머신을 하나 만드세요. 1분쯤 걸립니다.</translation>
    </message>
    <message>
        <source>Copied.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>복사</translation>
    </message>
    <message>
        <source>Copy all as JSON</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy log</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy path</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy value</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Created</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>어둡게</translation>
    </message>
    <message>
        <source>Dashboard</source>
        <translation>대시보드</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>자세히</translation>
    </message>
    <message>
        <source>Disk</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Done.</source>
        <translation>끝났습니다.</translation>
    </message>
    <message>
        <source>Environment</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Find</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Find in this data</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Font size of terminals and logs</source>
        <translation>터미널과 로그의 글자 크기</translation>
    </message>
    <message>
        <source>Go along with new lines (End)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go to {page}</source>
        <translation>{page} 페이지로 이동</translation>
    </message>
    <message>
        <source>Id</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Images</source>
        <translation>이미지</translation>
    </message>
    <message>
        <source>In points; 0 is the system's.</source>
        <translation>포인트 단위입니다. 0이면 시스템 설정을 따릅니다.</translation>
    </message>
    <message>
        <source>Inspect</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its containers, images and volumes are kept.</source>
        <translation>컨테이너, 이미지, 볼륨은 그대로 남습니다.</translation>
    </message>
    <message>
        <source>JSON</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>JSON text</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep the status item when the window is closed</source>
        <translation>창을 닫아도 상태 아이콘 유지</translation>
    </message>
    <message>
        <source>Labels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Language</source>
        <translation>언어</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>밝게</translation>
    </message>
    <message>
        <source>Light or dark.</source>
        <translation>밝은 모양 또는 어두운 모양입니다.</translation>
    </message>
    <message>
        <source>Line before</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lines kept of a log</source>
        <translation>로그에 보관할 줄 수</translation>
    </message>
    <message>
        <source>Linnet goes on in the menu bar or tray. Machines go on either way.</source>
        <translation>Linnet은 메뉴 막대나 트레이에서 계속 실행됩니다. 머신은 어느 쪽이든 계속 실행됩니다.</translation>
    </message>
    <message>
        <source>Linnet's service is gone</source>
        <translation>Linnet 서비스가 사라졌습니다</translation>
    </message>
    <message>
        <source>Linnet's service is gone; trying to reach it …</source>
        <translation>Linnet 서비스가 사라졌습니다. 다시 연결하는 중 …</translation>
    </message>
    <message>
        <source>Linnet: no machine</source>
        <translation>Linnet: 머신 없음</translation>
    </message>
    <message>
        <source>Loading …</source>
        <translation>불러오는 중 …</translation>
    </message>
    <message>
        <source>Log</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Logs</source>
        <translation>로그</translation>
    </message>
    <message>
        <source>Machine '{name}' cannot be used</source>
        <translation>머신 '{name}'을(를) 쓸 수 없습니다</translation>
    </message>
    <message>
        <source>Machine '{name}' is being suspended …</source>
        <translation>머신 '{name}' 일시 중단 중 …</translation>
    </message>
    <message>
        <source>Machine '{name}' is resuming …</source>
        <translation>머신 '{name}' 재개 중 …</translation>
    </message>
    <message>
        <source>Machine '{name}' is starting …</source>
        <translation>머신 '{name}' 시작 중 …</translation>
    </message>
    <message>
        <source>Machine '{name}' is stopped</source>
        <translation>머신 '{name}'이(가) 중지되어 있습니다</translation>
    </message>
    <message>
        <source>Machine '{name}' is stopping …</source>
        <translation>머신 '{name}' 중지 중 …</translation>
    </message>
    <message>
        <source>Machine '{name}' is suspended</source>
        <translation>머신 '{name}'이(가) 일시 중단되어 있습니다</translation>
    </message>
    <message>
        <source>Machine '{name}' is {state}</source>
        <translation>머신 '{name}': {state}</translation>
    </message>
    <message>
        <source>Machine in view</source>
        <translation>표시 중인 머신</translation>
    </message>
    <message>
        <source>Machine {names} runs. It goes on when Linnet's window is gone.</source>
        <translation>머신 {names}이(가) 실행 중입니다. Linnet 창이 사라져도 계속 실행됩니다.</translation>
    </message>
    <message>
        <source>Machines</source>
        <translation>머신</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>More</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Network</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Networks</source>
        <translation>네트워크</translation>
    </message>
    <message>
        <source>Next line</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No containers run</source>
        <translation>실행 중인 컨테이너 없음</translation>
    </message>
    <message>
        <source>No line has it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing has been logged yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing matches</source>
        <translation>일치하는 항목이 없습니다</translation>
    </message>
    <message>
        <source>Notifications</source>
        <translation>알림</translation>
    </message>
    <message>
        <source>Older lines are let go of.</source>
        <translation>그보다 오래된 줄은 버립니다.</translation>
    </message>
    <message>
        <source>Open Linnet</source>
        <translation>Linnet 열기</translation>
    </message>
    <message>
        <source>Open {address}</source>
        <translation>{address} 열기</translation>
    </message>
    <message>
        <source>Others</source>
        <translation>기타</translation>
    </message>
    <message>
        <source>Overview</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pods</source>
        <translation>Pod</translation>
    </message>
    <message>
        <source>Ports</source>
        <translation>포트</translation>
    </message>
    <message>
        <source>Project</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Projects</source>
        <translation>프로젝트</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>종료</translation>
    </message>
    <message>
        <source>Quit Linnet</source>
        <translation>Linnet 종료</translation>
    </message>
    <message>
        <source>Quit Linnet?</source>
        <translation>Linnet을 종료할까요?</translation>
    </message>
    <message>
        <source>Quit …</source>
        <translation>종료 …</translation>
    </message>
    <message>
        <source>Registries</source>
        <translation>레지스트리</translation>
    </message>
    <message>
        <source>Regular expression</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Restart machine '{name}'</source>
        <translation>머신 '{name}' 재시작</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>재개</translation>
    </message>
    <message>
        <source>Run …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Running: {what}</source>
        <translation>실행 중: {what}</translation>
    </message>
    <message>
        <source>Save log</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save log …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Say when long work has ended or a machine fails.</source>
        <translation>오래 걸린 작업이 끝나거나 머신에 문제가 생기면 알립니다.</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>검색</translation>
    </message>
    <message>
        <source>Search in the log</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search {what}</source>
        <translation>{what} 검색</translation>
    </message>
    <message>
        <source>Select all</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Set up Linnet</source>
        <translation>Linnet 설정하기</translation>
    </message>
    <message>
        <source>Set up Linnet …</source>
        <translation>Linnet 설정하기 …</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>설정</translation>
    </message>
    <message>
        <source>Settings …</source>
        <translation>설정 …</translation>
    </message>
    <message>
        <source>Show all</source>
        <translation>모두 보기</translation>
    </message>
    <message>
        <source>Show container</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show only lines with it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show only the status item at the start.</source>
        <translation>시작할 때 상태 아이콘만 표시합니다.</translation>
    </message>
    <message>
        <source>Show times</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Size</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Something went wrong in Linnet itself. The window goes on.</source>
        <translation>Linnet 자체에 문제가 생겼습니다. 창은 계속 쓸 수 있습니다.</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>시작</translation>
    </message>
    <message>
        <source>Start hidden</source>
        <translation>숨긴 채 시작</translation>
    </message>
    <message>
        <source>Start machine '{name}'</source>
        <translation>머신 '{name}' 시작</translation>
    </message>
    <message>
        <source>State</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>중지</translation>
    </message>
    <message>
        <source>Stop machine '{name}'</source>
        <translation>머신 '{name}' 중지</translation>
    </message>
    <message>
        <source>Stop the machine as well</source>
        <translation>머신도 중지</translation>
    </message>
    <message>
        <source>Stop {name}</source>
        <translation>{name} 중지</translation>
    </message>
    <message>
        <source>Suspend</source>
        <translation>일시 중단</translation>
    </message>
    <message>
        <source>Suspend machine '{name}'</source>
        <translation>머신 '{name}' 일시 중단</translation>
    </message>
    <message>
        <source>Tasks</source>
        <translation>작업</translation>
    </message>
    <message>
        <source>The container has been removed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The container has ended with exit code {code}. New lines come when it starts.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The container has not been started yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The language of the window.</source>
        <translation>창에 쓰이는 언어입니다.</translation>
    </message>
    <message>
        <source>The system's</source>
        <translation>시스템 설정</translation>
    </message>
    <message>
        <source>There is no machine yet</source>
        <translation>아직 머신이 없습니다</translation>
    </message>
    <message>
        <source>There is nothing to remove.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This is no regular expression: {reason}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This list cannot be shown</source>
        <translation>이 목록을 표시할 수 없습니다</translation>
    </message>
    <message>
        <source>Tree</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Troubleshoot</source>
        <translation>문제 해결</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>다시 시도</translation>
    </message>
    <message>
        <source>Trying to reach it …</source>
        <translation>연결을 시도하는 중 …</translation>
    </message>
    <message>
        <source>Upper and lower case matter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>User</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Value</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Volume</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Volumes</source>
        <translation>볼륨</translation>
    </message>
    <message>
        <source>Waiting for the engine of machine '{name}' …</source>
        <translation>머신 '{name}'의 엔진을 기다리는 중 …</translation>
    </message>
    <message>
        <source>What do you want to do?</source>
        <translation>무엇을 할까요?</translation>
    </message>
    <message>
        <source>What will be lost</source>
        <translation>잃게 되는 것</translation>
    </message>
    <message>
        <source>Wrap long lines</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Writing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>broken</source>
        <translation>고장</translation>
    </message>
    <message>
        <source>has a problem</source>
        <translation>문제 있음</translation>
    </message>
    <message>
        <source>none</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>resuming</source>
        <translation>재개 중</translation>
    </message>
    <message>
        <source>running</source>
        <translation>실행 중</translation>
    </message>
    <message>
        <source>starting</source>
        <translation>시작 중</translation>
    </message>
    <message>
        <source>stopped</source>
        <translation>중지됨</translation>
    </message>
    <message>
        <source>stopping</source>
        <translation>중지 중</translation>
    </message>
    <message>
        <source>suspended</source>
        <translation>일시 중단됨</translation>
    </message>
    <message>
        <source>suspending</source>
        <translation>일시 중단 중</translation>
    </message>
    <message>
        <source>{n} container</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{n} containers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{n} d</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{n} entries</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{n} entry</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{n} go, up to {size}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{n} goes, up to {size}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{n} h</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{n} image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{n} images</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{n} line</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{n} line was saved to {path}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{n} lines</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{n} lines were saved to {path}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{n} min</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{n} more …</source>
        <translation>{n}개 더 …</translation>
    </message>
    <message>
        <source>{n} place</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{n} places</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{n} s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{n} task</source>
        <translation>작업 {n}개</translation>
    </message>
    <message>
        <source>{n} tasks</source>
        <translation>작업 {n}개</translation>
    </message>
    <message>
        <source>{n} y</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{place} of {n}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{shown} of {total}</source>
        <translation>{total}개 중 {shown}개</translation>
    </message>
    <message>
        <source>… ({n} more bytes of this line are not kept)</source>
        <translation type="unfinished"></translation>
    </message>
</context>
</TS>
