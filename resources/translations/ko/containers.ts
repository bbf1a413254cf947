<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>linnet</name>
    <message>
        <source> and {n} more</source>
        <translation> 외 {n}개</translation>
    </message>
    <message>
        <source>'{word}' is no capability; they are called NET_ADMIN and the like.</source>
        <translation>'{word}'은(는) 권한 이름이 아닙니다. NET_ADMIN처럼 씁니다.</translation>
    </message>
    <message>
        <source>A container needs at least {n} MiB.</source>
        <translation>컨테이너에는 적어도 {n} MiB가 필요합니다.</translation>
    </message>
    <message>
        <source>A path in the container begins with '/' and is not '/' itself.</source>
        <translation>컨테이너 안의 경로는 '/'로 시작해야 하며 '/' 자체는 쓸 수 없습니다.</translation>
    </message>
    <message>
        <source>A port is a number from 1 to 65535.</source>
        <translation>포트는 1부터 65535까지의 숫자입니다.</translation>
    </message>
    <message>
        <source>A quotation mark is not closed.</source>
        <translation>따옴표가 닫히지 않았습니다.</translation>
    </message>
    <message>
        <source>A terminal needs a container that runs.</source>
        <translation>터미널은 실행 중인 컨테이너에서만 열 수 있습니다.</translation>
    </message>
    <message>
        <source>A variable needs a name without spaces and '='.</source>
        <translation>변수 이름에는 공백과 '='를 쓸 수 없습니다.</translation>
    </message>
    <message>
        <source>Add port</source>
        <translation>포트 추가</translation>
    </message>
    <message>
        <source>Add variable</source>
        <translation>변수 추가</translation>
    </message>
    <message>
        <source>Add volume or folder</source>
        <translation>볼륨 또는 폴더 추가</translation>
    </message>
    <message>
        <source>Added</source>
        <translation>추가됨</translation>
    </message>
    <message>
        <source>Additional capabilities</source>
        <translation>추가 권한</translation>
    </message>
    <message>
        <source>All its files are those of the image. What it keeps in volumes is not listed here.</source>
        <translation>모든 파일이 이미지와 같습니다. 볼륨에 저장한 것은 여기에 나오지 않습니다.</translation>
    </message>
    <message>
        <source>Also delete a volume without a name: {where}</source>
        <translation>이름 없는 볼륨도 삭제: {where}</translation>
    </message>
    <message>
        <source>Also delete {n} volumes without names: {where}</source>
        <translation>이름 없는 볼륨 {n}개도 삭제: {where}</translation>
    </message>
    <message>
        <source>Always</source>
        <translation>항상</translation>
    </message>
    <message>
        <source>Always, unless stopped by hand</source>
        <translation>직접 중지한 경우가 아니면 항상</translation>
    </message>
    <message>
        <source>Any free port</source>
        <translation>비어 있는 포트</translation>
    </message>
    <message>
        <source>Any number</source>
        <translation>제한 없음</translation>
    </message>
    <message>
        <source>Apply</source>
        <translation>적용</translation>
    </message>
    <message>
        <source>Apply all the same</source>
        <translation>그래도 적용</translation>
    </message>
    <message>
        <source>As a command</source>
        <translation>명령으로 표현</translation>
    </message>
    <message>
        <source>As a file …</source>
        <translation>파일로 …</translation>
    </message>
    <message>
        <source>As a volume …</source>
        <translation>볼륨으로 …</translation>
    </message>
    <message>
        <source>As an image …</source>
        <translation>이미지로 …</translation>
    </message>
    <message>
        <source>As much as memory</source>
        <translation>메모리와 같은 크기</translation>
    </message>
    <message>
        <source>As usual</source>
        <translation>기본값</translation>
    </message>
    <message>
        <source>Attempts</source>
        <translation>시도 횟수</translation>
    </message>
    <message>
        <source>Basics</source>
        <translation>기본</translation>
    </message>
    <message>
        <source>Being removed</source>
        <translation>삭제 중</translation>
    </message>
    <message>
        <source>Cancelled.</source>
        <translation>취소했습니다.</translation>
    </message>
    <message>
        <source>Capabilities it goes without</source>
        <translation>제거할 권한</translation>
    </message>
    <message>
        <source>Changed</source>
        <translation>변경됨</translation>
    </message>
    <message>
        <source>Changes</source>
        <translation>변경 사항</translation>
    </message>
    <message>
        <source>Changes take effect at once, without a restart.</source>
        <translation>다시 시작하지 않아도 바로 적용됩니다.</translation>
    </message>
    <message>
        <source>Choose a folder</source>
        <translation>폴더 선택</translation>
    </message>
    <message>
        <source>Choose a folder of this computer.</source>
        <translation>이 컴퓨터의 폴더를 선택하세요.</translation>
    </message>
    <message>
        <source>Command that succeeds while it is well</source>
        <translation>정상일 때 성공하는 명령</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>계속</translation>
    </message>
    <message>
        <source>Continue {name}</source>
        <translation>{name} 계속</translation>
    </message>
    <message>
        <source>Continue {n} containers</source>
        <translation>컨테이너 {n}개 계속</translation>
    </message>
    <message>
        <source>Continuing …</source>
        <translation>계속하는 중 …</translation>
    </message>
    <message>
        <source>Copy as linnet run</source>
        <translation>linnet run 명령으로 복사</translation>
    </message>
    <message>
        <source>Copy id</source>
        <translation>ID 복사</translation>
    </message>
    <message>
        <source>Copy name</source>
        <translation>이름 복사</translation>
    </message>
    <message>
        <source>Creating the container …</source>
        <translation>컨테이너를 만드는 중 …</translation>
    </message>
    <message>
        <source>Deleted</source>
        <translation>삭제됨</translation>
    </message>
    <message>
        <source>Details of the container</source>
        <translation>컨테이너 상세 정보</translation>
    </message>
    <message>
        <source>Disk weight</source>
        <translation>디스크 가중치</translation>
    </message>
    <message>
        <source>Failed ({code})</source>
        <translation>실패 ({code})</translation>
    </message>
    <message>
        <source>Failures that count</source>
        <translation>실패로 볼 횟수</translation>
    </message>
    <message>
        <source>Folder of the container</source>
        <translation>컨테이너의 폴더</translation>
    </message>
    <message>
        <source>Folders must be in one that the machine shares. What is temporary is in memory and gone at the end.</source>
        <translation>폴더는 머신이 공유하는 폴더 안에 있어야 합니다. 임시 저장소는 메모리에 있으며 끝나면 사라집니다.</translation>
    </message>
    <message>
        <source>For shells and other programs that one types into.</source>
        <translation>셸처럼 키보드로 입력하는 프로그램에 필요합니다.</translation>
    </message>
    <message>
        <source>Give it a terminal</source>
        <translation>터미널 할당</translation>
    </message>
    <message>
        <source>Health check</source>
        <translation>상태 검사</translation>
    </message>
    <message>
        <source>Healthy</source>
        <translation>정상</translation>
    </message>
    <message>
        <source>Images and named volumes stay.</source>
        <translation>이미지와 이름 있는 볼륨은 남습니다.</translation>
    </message>
    <message>
        <source>It had no memory left and was killed.</source>
        <translation>메모리가 부족하여 강제 종료되었습니다.</translation>
    </message>
    <message>
        <source>It runs and is killed.</source>
        <translation>실행 중이며 강제 종료됩니다.</translation>
    </message>
    <message>
        <source>Its own files cannot be changed</source>
        <translation>자체 파일을 바꿀 수 없게 하기</translation>
    </message>
    <message>
        <source>Its share of the disk while others use it too; {n} is as usual.</source>
        <translation>다른 컨테이너도 디스크를 쓸 때 차지하는 몫입니다. 기본값은 {n}입니다.</translation>
    </message>
    <message>
        <source>Its volumes without a name: {names}.</source>
        <translation>이름 없는 볼륨: {names}.</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>보관</translation>
    </message>
    <message>
        <source>Keep '{name}' as an image</source>
        <translation>'{name}'을(를) 이미지로 보관</translation>
    </message>
    <message>
        <source>Keep a folder of '{name}' as a volume</source>
        <translation>'{name}'의 폴더를 볼륨으로 보관</translation>
    </message>
    <message>
        <source>Keep it elsewhere first</source>
        <translation>먼저 다른 곳에 보관</translation>
    </message>
    <message>
        <source>Keep it in the trash for {n} day</source>
        <translation>휴지통에 {n}일 동안 보관</translation>
    </message>
    <message>
        <source>Keep it in the trash for {n} days</source>
        <translation>휴지통에 {n}일 동안 보관</translation>
    </message>
    <message>
        <source>Keep the files of '{name}'</source>
        <translation>'{name}'의 파일 보관</translation>
    </message>
    <message>
        <source>Keep what {name} holds</source>
        <translation>{name}의 데이터 보관</translation>
    </message>
    <message>
        <source>Kill</source>
        <translation>강제 종료</translation>
    </message>
    <message>
        <source>Kill {name}</source>
        <translation>{name} 강제 종료</translation>
    </message>
    <message>
        <source>Kill {n} containers</source>
        <translation>컨테이너 {n}개 강제 종료</translation>
    </message>
    <message>
        <source>Killing …</source>
        <translation>강제 종료하는 중 …</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>종류</translation>
    </message>
    <message>
        <source>Last health check</source>
        <translation>마지막 상태 검사</translation>
    </message>
    <message>
        <source>Letters, digits, '_', '.' and '-' only, beginning with a letter or a digit.</source>
        <translation>영문자, 숫자, '_', '.', '-'만 쓸 수 있으며 영문자나 숫자로 시작해야 합니다.</translation>
    </message>
    <message>
        <source>Limits</source>
        <translation>제한</translation>
    </message>
    <message>
        <source>Looking …</source>
        <translation>확인하는 중 …</translation>
    </message>
    <message>
        <source>Memory in MiB</source>
        <translation>메모리(MiB)</translation>
    </message>
    <message>
        <source>Mounts</source>
        <translation>마운트</translation>
    </message>
    <message>
        <source>Name a volume; it is made when there is none of that name.</source>
        <translation>볼륨 이름을 쓰세요. 없으면 새로 만듭니다.</translation>
    </message>
    <message>
        <source>Name an image, such as nginx or docker.io/library/nginx:1.27.</source>
        <translation>이미지 이름을 쓰세요. 예: nginx, docker.io/library/nginx:1.27</translation>
    </message>
    <message>
        <source>Name of the image; what is in volumes is not in it.</source>
        <translation>이미지 이름입니다. 볼륨에 있는 데이터는 포함되지 않습니다.</translation>
    </message>
    <message>
        <source>Name of the volume</source>
        <translation>볼륨 이름</translation>
    </message>
    <message>
        <source>Name or folder</source>
        <translation>이름 또는 폴더</translation>
    </message>
    <message>
        <source>Names of images have small letters only.</source>
        <translation>이미지 이름에는 소문자만 쓸 수 있습니다.</translation>
    </message>
    <message>
        <source>Network and limits</source>
        <translation>네트워크와 제한</translation>
    </message>
    <message>
        <source>Never</source>
        <translation>안 함</translation>
    </message>
    <message>
        <source>No containers yet</source>
        <translation>아직 컨테이너가 없습니다</translation>
    </message>
    <message>
        <source>No limit</source>
        <translation>제한 없음</translation>
    </message>
    <message>
        <source>Nothing was changed: {text}</source>
        <translation>변경된 것이 없습니다: {text}</translation>
    </message>
    <message>
        <source>Nothing would be lost</source>
        <translation>잃는 것이 없습니다</translation>
    </message>
    <message>
        <source>One stopped container is removed.</source>
        <translation>중지된 컨테이너 1개를 삭제합니다.</translation>
    </message>
    <message>
        <source>Open to</source>
        <translation>공개 범위</translation>
    </message>
    <message>
        <source>Open {url}</source>
        <translation>{url} 열기</translation>
    </message>
    <message>
        <source>Path in the container</source>
        <translation>컨테이너 안의 경로</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>일시 정지</translation>
    </message>
    <message>
        <source>Pause {name}</source>
        <translation>{name} 일시 정지</translation>
    </message>
    <message>
        <source>Pause {n} containers</source>
        <translation>컨테이너 {n}개 일시 정지</translation>
    </message>
    <message>
        <source>Pausing …</source>
        <translation>일시 정지하는 중 …</translation>
    </message>
    <message>
        <source>Pod {name}</source>
        <translation>Pod {name}</translation>
    </message>
    <message>
        <source>Port in the container</source>
        <translation>컨테이너의 포트</translation>
    </message>
    <message>
        <source>Port of this computer</source>
        <translation>이 컴퓨터의 포트</translation>
    </message>
    <message>
        <source>Processes</source>
        <translation>프로세스</translation>
    </message>
    <message>
        <source>Protocol</source>
        <translation>프로토콜</translation>
    </message>
    <message>
        <source>Pulling {image} …</source>
        <translation>{image} 가져오는 중 …</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>이유</translation>
    </message>
    <message>
        <source>Remove '{name}'?</source>
        <translation>'{name}'을(를) 삭제할까요?</translation>
    </message>
    <message>
        <source>Remove it when it ends</source>
        <translation>끝나면 삭제</translation>
    </message>
    <message>
        <source>Remove stopped containers</source>
        <translation>중지된 컨테이너 삭제</translation>
    </message>
    <message>
        <source>Remove stopped containers …</source>
        <translation>중지된 컨테이너 삭제 …</translation>
    </message>
    <message>
        <source>Remove stopped containers?</source>
        <translation>중지된 컨테이너를 삭제할까요?</translation>
    </message>
    <message>
        <source>Remove this line</source>
        <translation>이 줄 삭제</translation>
    </message>
    <message>
        <source>Remove {name}</source>
        <translation>{name} 삭제</translation>
    </message>
    <message>
        <source>Remove {n} containers</source>
        <translation>컨테이너 {n}개 삭제</translation>
    </message>
    <message>
        <source>Remove {n} containers?</source>
        <translation>컨테이너 {n}개를 삭제할까요?</translation>
    </message>
    <message>
        <source>Removing …</source>
        <translation>삭제하는 중 …</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>이름 바꾸기</translation>
    </message>
    <message>
        <source>Rename '{name}'</source>
        <translation>'{name}' 이름 바꾸기</translation>
    </message>
    <message>
        <source>Rename …</source>
        <translation>이름 바꾸기 …</translation>
    </message>
    <message>
        <source>Restart {name}</source>
        <translation>{name} 다시 시작</translation>
    </message>
    <message>
        <source>Restart {n} containers</source>
        <translation>컨테이너 {n}개 다시 시작</translation>
    </message>
    <message>
        <source>Restarting</source>
        <translation>다시 시작 중</translation>
    </message>
    <message>
        <source>Restarting …</source>
        <translation>다시 시작하는 중 …</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>실행</translation>
    </message>
    <message>
        <source>Run a container</source>
        <translation>컨테이너 실행</translation>
    </message>
    <message>
        <source>Run a container ({keys})</source>
        <translation>컨테이너 실행 ({keys})</translation>
    </message>
    <message>
        <source>Run a container …</source>
        <translation>컨테이너 실행 …</translation>
    </message>
    <message>
        <source>Run one from an image, or use docker, podman or compose in a terminal: they appear here.</source>
        <translation>이미지로 실행하거나 터미널에서 docker, podman, compose를 사용하면 여기에 나타납니다.</translation>
    </message>
    <message>
        <source>Run {image}</source>
        <translation>{image} 실행</translation>
    </message>
    <message>
        <source>Running since</source>
        <translation>실행 시작</translation>
    </message>
    <message>
        <source>Running, not yet healthy</source>
        <translation>실행 중, 아직 정상 아님</translation>
    </message>
    <message>
        <source>Runtime</source>
        <translation>런타임</translation>
    </message>
    <message>
        <source>Seconds between two checks</source>
        <translation>검사 간격(초)</translation>
    </message>
    <message>
        <source>Sections</source>
        <translation>항목</translation>
    </message>
    <message>
        <source>Security</source>
        <translation>보안</translation>
    </message>
    <message>
        <source>Show {tab} of {name}</source>
        <translation>{name}의 {tab} 보기</translation>
    </message>
    <message>
        <source>Show {what}</source>
        <translation>{what} 보기</translation>
    </message>
    <message>
        <source>Start again</source>
        <translation>다시 시작</translation>
    </message>
    <message>
        <source>Start {name}</source>
        <translation>{name} 시작</translation>
    </message>
    <message>
        <source>Start {n} containers</source>
        <translation>컨테이너 {n}개 시작</translation>
    </message>
    <message>
        <source>Starting the container …</source>
        <translation>컨테이너를 시작하는 중 …</translation>
    </message>
    <message>
        <source>Starting …</source>
        <translation>시작하는 중 …</translation>
    </message>
    <message>
        <source>Stats</source>
        <translation>사용량</translation>
    </message>
    <message>
        <source>Stop {n} containers</source>
        <translation>컨테이너 {n}개 중지</translation>
    </message>
    <message>
        <source>Stopping</source>
        <translation>중지 중</translation>
    </message>
    <message>
        <source>Stopping …</source>
        <translation>중지하는 중 …</translation>
    </message>
    <message>
        <source>Storage</source>
        <translation>저장소</translation>
    </message>
    <message>
        <source>Swap</source>
        <translation>스왑</translation>
    </message>
    <message>
        <source>Swap in MiB</source>
        <translation>스왑(MiB)</translation>
    </message>
    <message>
        <source>Temporary</source>
        <translation>임시</translation>
    </message>
    <message>
        <source>The changes cannot be shown</source>
        <translation>변경 사항을 볼 수 없습니다</translation>
    </message>
    <message>
        <source>The container does not run</source>
        <translation>컨테이너가 실행 중이 아닙니다</translation>
    </message>
    <message>
        <source>The container does not run; there is nothing to measure.</source>
        <translation>컨테이너가 실행 중이 아니어서 측정할 것이 없습니다.</translation>
    </message>
    <message>
        <source>The container is removed.</source>
        <translation>컨테이너를 삭제합니다.</translation>
    </message>
    <message>
        <source>The engine did not say which container it made.</source>
        <translation>엔진이 어떤 컨테이너를 만들었는지 알려 주지 않았습니다.</translation>
    </message>
    <message>
        <source>The engine makes one up</source>
        <translation>자동으로 지정</translation>
    </message>
    <message>
        <source>The engine took it, and it is in force.</source>
        <translation>엔진이 변경을 받아들였고, 적용되어 있습니다.</translation>
    </message>
    <message>
        <source>The engine took it, and says: {text}</source>
        <translation>엔진이 받아들였으며 다음과 같이 알립니다: {text}</translation>
    </message>
    <message>
        <source>The engine's own</source>
        <translation>엔진 기본값</translation>
    </message>
    <message>
        <source>The files of {name} are kept in {path}.</source>
        <translation>{name}의 파일을 {path}에 보관했습니다.</translation>
    </message>
    <message>
        <source>The image's own</source>
        <translation>이미지 기본값</translation>
    </message>
    <message>
        <source>The machine does not share this folder. Share it, or one above it, on the Machines page.</source>
        <translation>머신이 이 폴더를 공유하지 않습니다. 머신 페이지에서 이 폴더나 상위 폴더를 공유하세요.</translation>
    </message>
    <message>
        <source>The processes cannot be shown</source>
        <translation>프로세스를 볼 수 없습니다</translation>
    </message>
    <message>
        <source>The whole network</source>
        <translation>네트워크 전체</translation>
    </message>
    <message>
        <source>There are no processes to show.</source>
        <translation>보여 줄 프로세스가 없습니다.</translation>
    </message>
    <message>
        <source>There is no stopped container.</source>
        <translation>중지된 컨테이너가 없습니다.</translation>
    </message>
    <message>
        <source>They hold {size} that is in no volume.</source>
        <translation>볼륨에 없는 데이터가 {size} 있습니다.</translation>
    </message>
    <message>
        <source>This computer only</source>
        <translation>이 컴퓨터만</translation>
    </message>
    <message>
        <source>This is no name of an image.</source>
        <translation>이미지 이름이 아닙니다.</translation>
    </message>
    <message>
        <source>Unhealthy</source>
        <translation>비정상</translation>
    </message>
    <message>
        <source>Variable</source>
        <translation>변수</translation>
    </message>
    <message>
        <source>Volume or folder</source>
        <translation>볼륨 또는 폴더</translation>
    </message>
    <message>
        <source>Volumes and folders still can.</source>
        <translation>볼륨과 폴더는 바꿀 수 있습니다.</translation>
    </message>
    <message>
        <source>Volumes stay.</source>
        <translation>볼륨은 남습니다.</translation>
    </message>
    <message>
        <source>Waiting for the first measurement …</source>
        <translation>첫 측정을 기다리는 중 …</translation>
    </message>
    <message>
        <source>Waits for {parts} of the time</source>
        <translation>대기 시간 비율: {parts}</translation>
    </message>
    <message>
        <source>When it fails</source>
        <translation>실패하면</translation>
    </message>
    <message>
        <source>Which containers</source>
        <translation>표시할 컨테이너</translation>
    </message>
    <message>
        <source>Write a name or number, such as 1000 or 1000:1000.</source>
        <translation>이름이나 번호를 쓰세요. 예: 1000, 1000:1000</translation>
    </message>
    <message>
        <source>Writing {path}</source>
        <translation>{path} 쓰는 중</translation>
    </message>
    <message>
        <source>and {n} more</source>
        <translation>외 {n}개</translation>
    </message>
    <message>
        <source>at least {size} written</source>
        <translation>{size} 이상 기록함</translation>
    </message>
    <message>
        <source>disk</source>
        <translation>디스크</translation>
    </message>
    <message>
        <source>gVisor has a kernel of its own between the container and the machine: safer, and slower.</source>
        <translation>gVisor는 컨테이너와 머신 사이에 자체 커널을 둡니다. 더 안전하지만 더 느립니다.</translation>
    </message>
    <message>
        <source>has {n} process</source>
        <translation>프로세스 {n}개 실행 중</translation>
    </message>
    <message>
        <source>has {n} processes</source>
        <translation>프로세스 {n}개 실행 중</translation>
    </message>
    <message>
        <source>held back for {seconds} s so far</source>
        <translation>지금까지 {seconds}초 동안 CPU 제한에 걸림</translation>
    </message>
    <message>
        <source>limit {size}</source>
        <translation>제한 {size}</translation>
    </message>
    <message>
        <source>memory</source>
        <translation>메모리</translation>
    </message>
    <message>
        <source>no memory limit</source>
        <translation>메모리 제한 없음</translation>
    </message>
    <message>
        <source>no output</source>
        <translation>출력 없음</translation>
    </message>
    <message>
        <source>nothing but the container itself</source>
        <translation>컨테이너 자체만</translation>
    </message>
    <message>
        <source>of {limit}</source>
        <translation>제한 {limit}</translation>
    </message>
    <message>
        <source>read</source>
        <translation>읽기</translation>
    </message>
    <message>
        <source>read-only</source>
        <translation>읽기 전용</translation>
    </message>
    <message>
        <source>restarted once</source>
        <translation>1번 다시 시작함</translation>
    </message>
    <message>
        <source>restarted {n} times</source>
        <translation>{n}번 다시 시작함</translation>
    </message>
    <message>
        <source>this machine has no swap</source>
        <translation>이 머신에는 스왑이 없습니다</translation>
    </message>
    <message>
        <source>uses {size}</source>
        <translation>{size} 사용 중</translation>
    </message>
    <message>
        <source>uses {size}, {more} more that it can give back</source>
        <translation>{size} 사용 중, 돌려줄 수 있는 메모리 {more} 추가 사용</translation>
    </message>
    <message>
        <source>written</source>
        <translation>쓰기</translation>
    </message>
    <message>
        <source>{folder} of {name} is kept as the volume {volume}.</source>
        <translation>{name}의 {folder}을(를) 볼륨 {volume}(으)로 보관했습니다.</translation>
    </message>
    <message>
        <source>{name} is kept as the image {image}.</source>
        <translation>{name}을(를) 이미지 {image}(으)로 보관했습니다.</translation>
    </message>
    <message>
        <source>{n} containers are removed.</source>
        <translation>컨테이너 {n}개를 삭제합니다.</translation>
    </message>
    <message>
        <source>{n} of {total}</source>
        <translation>{total}개 중 {n}개</translation>
    </message>
    <message>
        <source>{n} of {total} could not be done.</source>
        <translation>{total}개 중 {n}개를 처리하지 못했습니다.</translation>
    </message>
    <message>
        <source>{n} process</source>
        <translation>프로세스 {n}개</translation>
    </message>
    <message>
        <source>{n} process was ended because memory was full</source>
        <translation>메모리 부족으로 프로세스 {n}개가 강제 종료됨</translation>
    </message>
    <message>
        <source>{n} processes</source>
        <translation>프로세스 {n}개</translation>
    </message>
    <message>
        <source>{n} processes were ended because memory was full</source>
        <translation>메모리 부족으로 프로세스 {n}개가 강제 종료됨</translation>
    </message>
    <message>
        <source>{n} run and are killed.</source>
        <translation>{n}개가 실행 중이며 강제 종료됩니다.</translation>
    </message>
    <message>
        <source>{n} runs and is killed.</source>
        <translation>{n}개가 실행 중이며 강제 종료됩니다.</translation>
    </message>
    <message>
        <source>{n} stopped containers are removed.</source>
        <translation>중지된 컨테이너 {n}개를 삭제합니다.</translation>
    </message>
    <message>
        <source>{path} cannot be written: {why}.</source>
        <translation>{path}에 쓸 수 없습니다: {why}.</translation>
    </message>
    <message>
        <source>{size} that is in no volume goes with it.</source>
        <translation>볼륨에 없는 데이터 {size}도 함께 삭제됩니다.</translation>
    </message>
    <message>
        <source>{size} would be lost with this container.</source>
        <translation>이 컨테이너를 삭제하면 데이터 {size}를 잃습니다.</translation>
    </message>
    <message>
        <source>{size} written</source>
        <translation>{size} 기록</translation>
    </message>
    <message>
        <source>{time}, exit code {code}</source>
        <translation>{time}, 종료 코드 {code}</translation>
    </message>
</context>
</TS>
