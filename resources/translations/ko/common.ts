<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>linnet</name>
    <message>
        <source>A name has no slashes.</source>
        <translation>이름에는 빗금을 쓸 수 없습니다.</translation>
    </message>
    <message>
        <source>A support bundle (Troubleshoot) holds what is needed to find out.</source>
        <translation>원인을 찾는 데 필요한 자료는 지원 번들(문제 해결)에 담깁니다.</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>추가</translation>
    </message>
    <message>
        <source>Add folder …</source>
        <translation>폴더 추가 …</translation>
    </message>
    <message>
        <source>Age</source>
        <translation>경과 시간</translation>
    </message>
    <message>
        <source>All</source>
        <translation>모두</translation>
    </message>
    <message>
        <source>All images that no container uses</source>
        <translation>컨테이너가 쓰지 않는 모든 이미지</translation>
    </message>
    <message>
        <source>Any container that has the volume shows them too.</source>
        <translation>이 볼륨을 쓰는 컨테이너에서도 파일을 볼 수 있습니다.</translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation>모양</translation>
    </message>
    <message>
        <source>CPU</source>
        <translation>CPU</translation>
    </message>
    <message>
        <source>CPUs</source>
        <translation>CPU 수</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>취소</translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation>취소됨</translation>
    </message>
    <message>
        <source>Checking …</source>
        <translation>검사하는 중 …</translation>
    </message>
    <message>
        <source>Choose …</source>
        <translation>선택 …</translation>
    </message>
    <message>
        <source>Clear what is shown</source>
        <translation>표시된 내용 지우기</translation>
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
        <source>Close without saving</source>
        <translation>저장하지 않고 닫기</translation>
    </message>
    <message>
        <source>Close without saving?</source>
        <translation>저장하지 않고 닫을까요?</translation>
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
        <translation>컨테이너</translation>
    </message>
    <message>
        <source>Container '{name}' reached its memory limit of {size}; a process in it was ended.</source>
        <translation>컨테이너 '{name}'의 메모리 사용량이 제한 {size}에 도달하여 컨테이너 안의 프로세스가 강제 종료되었습니다.</translation>
    </message>
    <message>
        <source>Container '{name}' reached its memory limit; a process in it was ended.</source>
        <translation>컨테이너 '{name}'의 메모리 사용량이 제한에 도달하여 컨테이너 안의 프로세스가 강제 종료되었습니다.</translation>
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
        <source>Content of {path}</source>
        <translation>{path}의 내용</translation>
    </message>
    <message>
        <source>Copied.</source>
        <translation>복사했습니다.</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>복사</translation>
    </message>
    <message>
        <source>Copy all as JSON</source>
        <translation>모두 JSON으로 복사</translation>
    </message>
    <message>
        <source>Copy log</source>
        <translation>로그 복사</translation>
    </message>
    <message>
        <source>Copy path</source>
        <translation>경로 복사</translation>
    </message>
    <message>
        <source>Copy value</source>
        <translation>값 복사</translation>
    </message>
    <message>
        <source>Create</source>
        <translation>만들기</translation>
    </message>
    <message>
        <source>Create …</source>
        <translation>만들기 …</translation>
    </message>
    <message>
        <source>Created</source>
        <translation>생성됨</translation>
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
        <source>Dead</source>
        <translation>죽음</translation>
    </message>
    <message>
        <source>Default</source>
        <translation>기본값</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>삭제</translation>
    </message>
    <message>
        <source>Delete …</source>
        <translation>삭제 …</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>자세히</translation>
    </message>
    <message>
        <source>Disk</source>
        <translation>디스크</translation>
    </message>
    <message>
        <source>Docker API</source>
        <translation>Docker API</translation>
    </message>
    <message>
        <source>Done.</source>
        <translation>끝났습니다.</translation>
    </message>
    <message>
        <source>Download it instead.</source>
        <translation>대신 내려받으세요.</translation>
    </message>
    <message>
        <source>Download to</source>
        <translation>내려받을 곳</translation>
    </message>
    <message>
        <source>Download {n} entries</source>
        <translation>항목 {n}개 내려받기</translation>
    </message>
    <message>
        <source>Download {n} entry</source>
        <translation>항목 {n}개 내려받기</translation>
    </message>
    <message>
        <source>Download …</source>
        <translation>내려받기 …</translation>
    </message>
    <message>
        <source>Driver</source>
        <translation>드라이버</translation>
    </message>
    <message>
        <source>Ended</source>
        <translation>끝남</translation>
    </message>
    <message>
        <source>Engine</source>
        <translation>엔진</translation>
    </message>
    <message>
        <source>Environment</source>
        <translation>환경 변수</translation>
    </message>
    <message>
        <source>Error</source>
        <translation>오류</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>실패</translation>
    </message>
    <message>
        <source>Files</source>
        <translation>파일</translation>
    </message>
    <message>
        <source>Files can be removed only while the container runs.</source>
        <translation>컨테이너가 실행 중일 때만 파일을 지울 수 있습니다.</translation>
    </message>
    <message>
        <source>Files of these names are there already and will be overwritten. Folders are merged.</source>
        <translation>같은 이름의 파일이 이미 있어 덮어씁니다. 폴더는 합쳐집니다.</translation>
    </message>
    <message>
        <source>Find</source>
        <translation>찾기</translation>
    </message>
    <message>
        <source>Find in this data</source>
        <translation>이 데이터에서 찾기</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>폴더</translation>
    </message>
    <message>
        <source>Folders go with all that is in them. This cannot be undone.</source>
        <translation>폴더는 그 안의 모든 것과 함께 지워집니다. 되돌릴 수 없습니다.</translation>
    </message>
    <message>
        <source>Font size of terminals and logs</source>
        <translation>터미널과 로그의 글자 크기</translation>
    </message>
    <message>
        <source>Forget what is above the screen</source>
        <translation>화면 위로 지나간 내용 지우기</translation>
    </message>
    <message>
        <source>Give the machine more memory, or the containers less.</source>
        <translation>머신의 메모리를 늘리거나 컨테이너의 메모리를 줄이세요.</translation>
    </message>
    <message>
        <source>Go along with new lines (End)</source>
        <translation>새 줄 따라가기 (End)</translation>
    </message>
    <message>
        <source>Go to {page}</source>
        <translation>{page} 페이지로 이동</translation>
    </message>
    <message>
        <source>Guest image</source>
        <translation>게스트 이미지</translation>
    </message>
    <message>
        <source>Home folder</source>
        <translation>홈 폴더</translation>
    </message>
    <message>
        <source>Id</source>
        <translation>ID</translation>
    </message>
    <message>
        <source>Image</source>
        <translation>이미지</translation>
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
        <source>In the machine</source>
        <translation>머신 안</translation>
    </message>
    <message>
        <source>Insecure registries</source>
        <translation>안전하지 않은 레지스트리</translation>
    </message>
    <message>
        <source>Inspect</source>
        <translation>상세 정보</translation>
    </message>
    <message>
        <source>Its Limits tab gives it more memory.</source>
        <translation>제한 탭에서 메모리를 늘릴 수 있습니다.</translation>
    </message>
    <message>
        <source>Its containers are stopped; those with a restart policy come back by themselves.</source>
        <translation>컨테이너가 중지됩니다. 재시작 정책이 있는 컨테이너는 저절로 다시 시작됩니다.</translation>
    </message>
    <message>
        <source>Its containers, images and volumes are kept.</source>
        <translation>컨테이너, 이미지, 볼륨은 그대로 남습니다.</translation>
    </message>
    <message>
        <source>Its name</source>
        <translation>이름</translation>
    </message>
    <message>
        <source>JSON</source>
        <translation>JSON</translation>
    </message>
    <message>
        <source>JSON text</source>
        <translation>JSON 텍스트</translation>
    </message>
    <message>
        <source>Keep the status item when the window is closed</source>
        <translation>창을 닫아도 상태 아이콘 유지</translation>
    </message>
    <message>
        <source>Labels</source>
        <translation>레이블</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>언어</translation>
    </message>
    <message>
        <source>Left out: {name}</source>
        <translation>제외됨: {name}</translation>
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
        <translation>이전 줄</translation>
    </message>
    <message>
        <source>Line {line}: {what}</source>
        <translation>{line}번째 줄: {what}</translation>
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
        <translation>로그</translation>
    </message>
    <message>
        <source>Log of the task</source>
        <translation>작업 로그</translation>
    </message>
    <message>
        <source>Logs</source>
        <translation>로그</translation>
    </message>
    <message>
        <source>Look again</source>
        <translation>다시 확인</translation>
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
        <source>Make</source>
        <translation>만들기</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>메모리</translation>
    </message>
    <message>
        <source>Mend</source>
        <translation>고치기</translation>
    </message>
    <message>
        <source>Mend: {what}</source>
        <translation>고치기: {what}</translation>
    </message>
    <message>
        <source>Modified</source>
        <translation>수정한 때</translation>
    </message>
    <message>
        <source>More</source>
        <translation>더 보기</translation>
    </message>
    <message>
        <source>More about the machine</source>
        <translation>머신 자세히 보기</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>이름</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>네트워크</translation>
    </message>
    <message>
        <source>Networks</source>
        <translation>네트워크</translation>
    </message>
    <message>
        <source>New folder</source>
        <translation>새 폴더</translation>
    </message>
    <message>
        <source>New folder …</source>
        <translation>새 폴더 …</translation>
    </message>
    <message>
        <source>New name</source>
        <translation>새 이름</translation>
    </message>
    <message>
        <source>Next line</source>
        <translation>다음 줄</translation>
    </message>
    <message>
        <source>No containers run</source>
        <translation>실행 중인 컨테이너 없음</translation>
    </message>
    <message>
        <source>No line has it.</source>
        <translation>일치하는 줄이 없습니다.</translation>
    </message>
    <message>
        <source>Not everything could be removed.</source>
        <translation>모두 지우지는 못했습니다.</translation>
    </message>
    <message>
        <source>Not shared</source>
        <translation>공유되지 않음</translation>
    </message>
    <message>
        <source>Nothing has been logged yet.</source>
        <translation>아직 기록된 로그가 없습니다.</translation>
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
        <source>Older backups are kept; it is tried again within an hour.</source>
        <translation>이전 백업은 남아 있으며 한 시간 안에 다시 시도합니다.</translation>
    </message>
    <message>
        <source>Older lines are let go of.</source>
        <translation>그보다 오래된 줄은 버립니다.</translation>
    </message>
    <message>
        <source>Only the first {size} are shown. Download the file to see all of it.</source>
        <translation>처음 {size}만 보입니다. 전체를 보려면 파일을 내려받으세요.</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>열림</translation>
    </message>
    <message>
        <source>Open Linnet</source>
        <translation>Linnet 열기</translation>
    </message>
    <message>
        <source>Open again</source>
        <translation>다시 열기</translation>
    </message>
    <message>
        <source>Open {address}</source>
        <translation>{address} 열기</translation>
    </message>
    <message>
        <source>Options</source>
        <translation>옵션</translation>
    </message>
    <message>
        <source>Others</source>
        <translation>기타</translation>
    </message>
    <message>
        <source>Overview</source>
        <translation>개요</translation>
    </message>
    <message>
        <source>Owner</source>
        <translation>소유자</translation>
    </message>
    <message>
        <source>Paste</source>
        <translation>붙여넣기</translation>
    </message>
    <message>
        <source>Path</source>
        <translation>경로</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>일시 정지됨</translation>
    </message>
    <message>
        <source>Permissions</source>
        <translation>권한</translation>
    </message>
    <message>
        <source>Podman as root</source>
        <translation>루트 Podman</translation>
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
        <source>Processors</source>
        <translation>프로세서</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>진행 상황</translation>
    </message>
    <message>
        <source>Project</source>
        <translation>프로젝트</translation>
    </message>
    <message>
        <source>Projects</source>
        <translation>프로젝트</translation>
    </message>
    <message>
        <source>Pull</source>
        <translation>받기</translation>
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
        <translation>정규식</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>삭제</translation>
    </message>
    <message>
        <source>Remove the containers first.</source>
        <translation>먼저 컨테이너를 삭제하세요.</translation>
    </message>
    <message>
        <source>Remove unused …</source>
        <translation>쓰지 않는 항목 삭제 …</translation>
    </message>
    <message>
        <source>Remove {n} entries</source>
        <translation>항목 {n}개 지우기</translation>
    </message>
    <message>
        <source>Remove {n} entries?</source>
        <translation>항목 {n}개를 지울까요?</translation>
    </message>
    <message>
        <source>Remove {n} entry</source>
        <translation>항목 {n}개 지우기</translation>
    </message>
    <message>
        <source>Remove {n} entry?</source>
        <translation>항목 {n}개를 지울까요?</translation>
    </message>
    <message>
        <source>Remove {what}</source>
        <translation>{what} 삭제</translation>
    </message>
    <message>
        <source>Remove {what} …</source>
        <translation>{what} 삭제 …</translation>
    </message>
    <message>
        <source>Remove {what}?</source>
        <translation>{what}을(를) 삭제할까요?</translation>
    </message>
    <message>
        <source>Remove …</source>
        <translation>삭제 …</translation>
    </message>
    <message>
        <source>Replace</source>
        <translation>바꾸기</translation>
    </message>
    <message>
        <source>Replace what is there?</source>
        <translation>있는 파일을 바꿀까요?</translation>
    </message>
    <message>
        <source>Resources</source>
        <translation>자원</translation>
    </message>
    <message>
        <source>Restart</source>
        <translation>재시작</translation>
    </message>
    <message>
        <source>Restart machine '{name}'</source>
        <translation>머신 '{name}' 재시작</translation>
    </message>
    <message>
        <source>Restart machine '{name}'?</source>
        <translation>머신 '{name}'을(를) 재시작할까요?</translation>
    </message>
    <message>
        <source>Restart now …</source>
        <translation>지금 재시작 …</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>재개</translation>
    </message>
    <message>
        <source>Run …</source>
        <translation>실행 …</translation>
    </message>
    <message>
        <source>Running</source>
        <translation>실행 중</translation>
    </message>
    <message>
        <source>Running: {what}</source>
        <translation>실행 중: {what}</translation>
    </message>
    <message>
        <source>SSH port</source>
        <translation>SSH 포트</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>저장</translation>
    </message>
    <message>
        <source>Save log</source>
        <translation>로그 저장</translation>
    </message>
    <message>
        <source>Save log …</source>
        <translation>로그 저장 …</translation>
    </message>
    <message>
        <source>Save …</source>
        <translation>저장 …</translation>
    </message>
    <message>
        <source>Saved as {file}.</source>
        <translation>{file}(으)로 저장했습니다.</translation>
    </message>
    <message>
        <source>Saved to {path}.</source>
        <translation>{path}에 저장했습니다.</translation>
    </message>
    <message>
        <source>Saved.</source>
        <translation>저장했습니다.</translation>
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
        <translation>로그에서 검색</translation>
    </message>
    <message>
        <source>Search {what}</source>
        <translation>{what} 검색</translation>
    </message>
    <message>
        <source>Select all</source>
        <translation>모두 선택</translation>
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
        <source>Share the home folder</source>
        <translation>홈 폴더 공유</translation>
    </message>
    <message>
        <source>Shared folders</source>
        <translation>공유 폴더</translation>
    </message>
    <message>
        <source>Show all</source>
        <translation>모두 보기</translation>
    </message>
    <message>
        <source>Show container</source>
        <translation>컨테이너 보기</translation>
    </message>
    <message>
        <source>Show containers</source>
        <translation>컨테이너 보기</translation>
    </message>
    <message>
        <source>Show only lines with it</source>
        <translation>일치하는 줄만 보기</translation>
    </message>
    <message>
        <source>Show only the status item at the start.</source>
        <translation>시작할 때 상태 아이콘만 표시합니다.</translation>
    </message>
    <message>
        <source>Show times</source>
        <translation>시각 표시</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>크기</translation>
    </message>
    <message>
        <source>Snapshots</source>
        <translation>스냅샷</translation>
    </message>
    <message>
        <source>Some lines are too long and are cut. Download the file to see all of it.</source>
        <translation>너무 긴 줄은 잘려 있습니다. 전체를 보려면 파일을 내려받으세요.</translation>
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
        <source>Start the container first.</source>
        <translation>먼저 컨테이너를 시작하세요.</translation>
    </message>
    <message>
        <source>Start the container to change this file: until then nobody knows whose it is.</source>
        <translation>이 파일을 고치려면 컨테이너를 시작하세요. 그전에는 파일의 소유자를 알 수 없습니다.</translation>
    </message>
    <message>
        <source>State</source>
        <translation>상태</translation>
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
        <source>Stopped</source>
        <translation>중지됨</translation>
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
        <source>Switch</source>
        <translation>전환</translation>
    </message>
    <message>
        <source>Switch '{machine}' to {engine}?</source>
        <translation>'{machine}'을(를) {engine}(으)로 전환할까요?</translation>
    </message>
    <message>
        <source>Taken</source>
        <translation>찍은 시각</translation>
    </message>
    <message>
        <source>Tasks</source>
        <translation>작업</translation>
    </message>
    <message>
        <source>Terminal</source>
        <translation>터미널</translation>
    </message>
    <message>
        <source>That is too much to be dragged: more than {size}.</source>
        <translation>{size}보다 커서 끌어 옮길 수 없습니다.</translation>
    </message>
    <message>
        <source>The backup of volume {name} failed: {reason}</source>
        <translation>볼륨 {name}의 백업이 실패했습니다: {reason}</translation>
    </message>
    <message>
        <source>The command could not be started in this container (exit code {code}).</source>
        <translation>이 컨테이너에서 명령을 시작할 수 없습니다(종료 코드 {code}).</translation>
    </message>
    <message>
        <source>The connection to the container has ended.</source>
        <translation>컨테이너와의 연결이 끝났습니다.</translation>
    </message>
    <message>
        <source>The connection to the machine has ended.</source>
        <translation>머신과의 연결이 끝났습니다.</translation>
    </message>
    <message>
        <source>The container does not run.</source>
        <translation>컨테이너가 실행 중이 아닙니다.</translation>
    </message>
    <message>
        <source>The container has been removed.</source>
        <translation>컨테이너가 삭제되었습니다.</translation>
    </message>
    <message>
        <source>The container has ended with exit code {code}. New lines come when it starts.</source>
        <translation>컨테이너가 종료 코드 {code}(으)로 끝났습니다. 다시 시작하면 새 줄이 나타납니다.</translation>
    </message>
    <message>
        <source>The container has not been started yet.</source>
        <translation>컨테이너가 아직 시작되지 않았습니다.</translation>
    </message>
    <message>
        <source>The container has stopped.</source>
        <translation>컨테이너가 중지되었습니다.</translation>
    </message>
    <message>
        <source>The dashboard tells what could be removed.</source>
        <translation>대시보드에서 제거할 수 있는 것을 확인하세요.</translation>
    </message>
    <message>
        <source>The data disk of machine '{name}' is over {percent} % full.</source>
        <translation>머신 '{name}'의 데이터 디스크가 {percent} % 넘게 찼습니다.</translation>
    </message>
    <message>
        <source>The disk of this computer that holds Linnet's machines is over {percent} % full.</source>
        <translation>Linnet 머신이 있는 이 컴퓨터의 디스크가 {percent} % 넘게 찼습니다.</translation>
    </message>
    <message>
        <source>The files are ready now; drag them once more.</source>
        <translation>파일이 준비되었습니다. 다시 한번 끌어 옮기세요.</translation>
    </message>
    <message>
        <source>The files cannot be shown</source>
        <translation>파일을 보일 수 없습니다</translation>
    </message>
    <message>
        <source>The files of a volume are read by a container of the image 'hello', which is not there.</source>
        <translation>볼륨의 파일은 'hello' 이미지의 컨테이너로 읽는데, 그 이미지가 없습니다.</translation>
    </message>
    <message>
        <source>The language of the window.</source>
        <translation>창에 쓰이는 언어입니다.</translation>
    </message>
    <message>
        <source>The lines of this file end in different ways; saving it would change them.</source>
        <translation>이 파일은 줄 끝이 섞여 있어 저장하면 바뀝니다.</translation>
    </message>
    <message>
        <source>The machine had no memory left; a process in container '{name}' was ended.</source>
        <translation>머신의 메모리가 모두 소진되어 컨테이너 '{name}'의 프로세스가 강제 종료되었습니다.</translation>
    </message>
    <message>
        <source>The shell has ended with exit code {code}.</source>
        <translation>셸이 종료 코드 {code}(으)로 끝났습니다.</translation>
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
        <source>There is nothing at {path}.</source>
        <translation>{path}에 아무것도 없습니다.</translation>
    </message>
    <message>
        <source>There is nothing to remove.</source>
        <translation>삭제할 것이 없습니다.</translation>
    </message>
    <message>
        <source>There is something of this name already.</source>
        <translation>같은 이름이 이미 있습니다.</translation>
    </message>
    <message>
        <source>There may be more: without a shell in the container a folder of this size is not read to its end.</source>
        <translation>더 있을 수 있습니다. 컨테이너에 셸이 없으면 이렇게 큰 폴더는 끝까지 읽지 않습니다.</translation>
    </message>
    <message>
        <source>This file is not UTF-8 text. It is shown as well as it can be.</source>
        <translation>UTF-8 텍스트가 아닌 파일입니다. 볼 수 있는 만큼만 보입니다.</translation>
    </message>
    <message>
        <source>This file is not text. It is shown as well as it can be.</source>
        <translation>텍스트가 아닌 파일입니다. 볼 수 있는 만큼만 보입니다.</translation>
    </message>
    <message>
        <source>This folder is empty</source>
        <translation>빈 폴더입니다</translation>
    </message>
    <message>
        <source>This is no regular expression: {reason}</source>
        <translation>올바른 정규식이 아닙니다: {reason}</translation>
    </message>
    <message>
        <source>This list cannot be shown</source>
        <translation>이 목록을 표시할 수 없습니다</translation>
    </message>
    <message>
        <source>Trash</source>
        <translation>휴지통</translation>
    </message>
    <message>
        <source>Tree</source>
        <translation>트리</translation>
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
        <source>Undo</source>
        <translation>실행 취소</translation>
    </message>
    <message>
        <source>Up one folder</source>
        <translation>상위 폴더로</translation>
    </message>
    <message>
        <source>Upload files</source>
        <translation>파일 올리기</translation>
    </message>
    <message>
        <source>Upload something into it.</source>
        <translation>파일을 올려 보세요.</translation>
    </message>
    <message>
        <source>Upload {n} entries</source>
        <translation>항목 {n}개 올리기</translation>
    </message>
    <message>
        <source>Upload {n} entry</source>
        <translation>항목 {n}개 올리기</translation>
    </message>
    <message>
        <source>Upload …</source>
        <translation>올리기 …</translation>
    </message>
    <message>
        <source>Upper and lower case matter</source>
        <translation>대소문자 구분</translation>
    </message>
    <message>
        <source>Used by</source>
        <translation>사용하는 곳</translation>
    </message>
    <message>
        <source>User</source>
        <translation>사용자</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>값</translation>
    </message>
    <message>
        <source>Volume</source>
        <translation>볼륨</translation>
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
        <source>What you have changed in this file will be lost.</source>
        <translation>이 파일에서 바꾼 내용을 잃게 됩니다.</translation>
    </message>
    <message>
        <source>Wrap long lines</source>
        <translation>긴 줄 바꿈</translation>
    </message>
    <message>
        <source>Writing</source>
        <translation>쓰기</translation>
    </message>
    <message>
        <source>broken</source>
        <translation>고장</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>실패</translation>
    </message>
    <message>
        <source>has a problem</source>
        <translation>문제 있음</translation>
    </message>
    <message>
        <source>no</source>
        <translation>아니요</translation>
    </message>
    <message>
        <source>no container</source>
        <translation>컨테이너 없음</translation>
    </message>
    <message>
        <source>none</source>
        <translation>없음</translation>
    </message>
    <message>
        <source>not in use</source>
        <translation>사용 안 함</translation>
    </message>
    <message>
        <source>now</source>
        <translation>방금</translation>
    </message>
    <message>
        <source>read and write</source>
        <translation>읽기와 쓰기</translation>
    </message>
    <message>
        <source>read only</source>
        <translation>읽기 전용</translation>
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
        <source>unknown</source>
        <translation>알 수 없음</translation>
    </message>
    <message>
        <source>without a name ({id})</source>
        <translation>이름 없음 ({id})</translation>
    </message>
    <message>
        <source>{done} of {total}</source>
        <translation>{total} 중 {done}</translation>
    </message>
    <message>
        <source>{name} is gone already.</source>
        <translation>{name}은(는) 이미 없습니다.</translation>
    </message>
    <message>
        <source>{name} is kept in the trash.</source>
        <translation>{name}을(를) 휴지통에 보관했습니다.</translation>
    </message>
    <message>
        <source>{name} is removed.</source>
        <translation>{name}을(를) 삭제했습니다.</translation>
    </message>
    <message>
        <source>{name} stays: {reason}</source>
        <translation>{name}은(는) 남습니다: {reason}</translation>
    </message>
    <message>
        <source>{n} container</source>
        <translation>컨테이너 {n}개</translation>
    </message>
    <message>
        <source>{n} containers</source>
        <translation>컨테이너 {n}개</translation>
    </message>
    <message>
        <source>{n} d</source>
        <translation>{n}일</translation>
    </message>
    <message>
        <source>{n} entries</source>
        <translation>항목 {n}개</translation>
    </message>
    <message>
        <source>{n} entry</source>
        <translation>항목 {n}개</translation>
    </message>
    <message>
        <source>{n} go, up to {size}.</source>
        <translation>{n}개가 삭제되고 최대 {size}가 비워집니다.</translation>
    </message>
    <message>
        <source>{n} go; how much some take is not known.</source>
        <translation>{n}개를 삭제합니다. 일부는 크기를 알 수 없습니다.</translation>
    </message>
    <message>
        <source>{n} goes, up to {size}.</source>
        <translation>{n}개가 삭제되고 최대 {size}가 비워집니다.</translation>
    </message>
    <message>
        <source>{n} goes; how much it takes is not known.</source>
        <translation>{n}개를 삭제합니다. 크기는 알 수 없습니다.</translation>
    </message>
    <message>
        <source>{n} h</source>
        <translation>{n}시간</translation>
    </message>
    <message>
        <source>{n} image</source>
        <translation>이미지 {n}개</translation>
    </message>
    <message>
        <source>{n} images</source>
        <translation>이미지 {n}개</translation>
    </message>
    <message>
        <source>{n} line</source>
        <translation>{n}줄</translation>
    </message>
    <message>
        <source>{n} line was saved to {path}.</source>
        <translation>{n}줄을 {path}에 저장했습니다.</translation>
    </message>
    <message>
        <source>{n} lines</source>
        <translation>{n}줄</translation>
    </message>
    <message>
        <source>{n} lines were saved to {path}.</source>
        <translation>{n}줄을 {path}에 저장했습니다.</translation>
    </message>
    <message>
        <source>{n} min</source>
        <translation>{n}분</translation>
    </message>
    <message>
        <source>{n} ms</source>
        <translation>{n}밀리초</translation>
    </message>
    <message>
        <source>{n} more …</source>
        <translation>{n}개 더 …</translation>
    </message>
    <message>
        <source>{n} place</source>
        <translation>{n}곳</translation>
    </message>
    <message>
        <source>{n} places</source>
        <translation>{n}곳</translation>
    </message>
    <message>
        <source>{n} s</source>
        <translation>{n}초</translation>
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
        <source>{n} volume</source>
        <translation>볼륨 {n}개</translation>
    </message>
    <message>
        <source>{n} volumes</source>
        <translation>볼륨 {n}개</translation>
    </message>
    <message>
        <source>{n} y</source>
        <translation>{n}년</translation>
    </message>
    <message>
        <source>{path} is a link that leads to links without end.</source>
        <translation>{path} 링크가 끝없이 다른 링크로 이어집니다.</translation>
    </message>
    <message>
        <source>{path} is not a file that can be read.</source>
        <translation>{path}은(는) 읽을 수 있는 파일이 아닙니다.</translation>
    </message>
    <message>
        <source>{path} is not a folder.</source>
        <translation>{path}은(는) 폴더가 아닙니다.</translation>
    </message>
    <message>
        <source>{path} was saved.</source>
        <translation>{path}을(를) 저장했습니다.</translation>
    </message>
    <message>
        <source>{place} of {n}</source>
        <translation>{n}개 중 {place}번째</translation>
    </message>
    <message>
        <source>{shown} of {total}</source>
        <translation>{total}개 중 {shown}개</translation>
    </message>
    <message>
        <source>{size} received</source>
        <translation>{size} 받음</translation>
    </message>
    <message>
        <source>{title} …</source>
        <translation>{title} …</translation>
    </message>
    <message>
        <source>{title}: cancelled.</source>
        <translation>{title}: 취소되었습니다.</translation>
    </message>
    <message>
        <source>{title}: done.</source>
        <translation>{title}: 끝났습니다.</translation>
    </message>
    <message>
        <source>{what} cannot be removed</source>
        <translation>{what}을(를) 삭제할 수 없습니다</translation>
    </message>
    <message>
        <source>… ({n} more bytes of this line are not kept)</source>
        <translation>… (이 줄의 나머지 {n}바이트는 보관하지 않습니다)</translation>
    </message>
</context>
</TS>
