<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>linnet</name>
    <message>
        <source>About the project</source>
        <translation>프로젝트 정보</translation>
    </message>
    <message>
        <source>Add a compose file</source>
        <translation>Compose 파일 추가</translation>
    </message>
    <message>
        <source>Add a compose file, or start one with `linnet compose up` in its folder.</source>
        <translation>Compose 파일을 추가하거나, 그 폴더에서 `linnet compose up`으로 시작하세요.</translation>
    </message>
    <message>
        <source>Add …</source>
        <translation>추가 …</translation>
    </message>
    <message>
        <source>As compose understands it</source>
        <translation>Compose가 이해한 내용</translation>
    </message>
    <message>
        <source>Bring up to date</source>
        <translation>최신 상태로</translation>
    </message>
    <message>
        <source>Build and start</source>
        <translation>빌드하고 시작</translation>
    </message>
    <message>
        <source>Build and start project '{name}'</source>
        <translation>프로젝트 '{name}' 빌드하고 시작</translation>
    </message>
    <message>
        <source>Check</source>
        <translation>검사</translation>
    </message>
    <message>
        <source>Check project '{name}'</source>
        <translation>프로젝트 '{name}' 검사</translation>
    </message>
    <message>
        <source>Compose ended with exit code {code}.</source>
        <translation>Compose가 종료 코드 {code}(으)로 끝났습니다.</translation>
    </message>
    <message>
        <source>Compose file</source>
        <translation>Compose 파일</translation>
    </message>
    <message>
        <source>Compose files</source>
        <translation>Compose 파일</translation>
    </message>
    <message>
        <source>Compose finds nothing wrong.</source>
        <translation>Compose가 잘못을 찾지 못했습니다.</translation>
    </message>
    <message>
        <source>Fetch newer images of its services.</source>
        <translation>서비스의 새 이미지를 가져옵니다.</translation>
    </message>
    <message>
        <source>File</source>
        <translation>파일</translation>
    </message>
    <message>
        <source>Find compose files</source>
        <translation>Compose 파일 찾기</translation>
    </message>
    <message>
        <source>Find compose files in the shared folders</source>
        <translation>공유 폴더에서 Compose 파일 찾기</translation>
    </message>
    <message>
        <source>Its containers and networks are removed; what they wrote outside of volumes is lost. Volumes stay unless you tick them.</source>
        <translation>컨테이너와 네트워크를 삭제합니다. 볼륨 밖에 쓴 내용은 사라집니다. 볼륨은 선택하지 않으면 남습니다.</translation>
    </message>
    <message>
        <source>No other compose file is in the shared folders.</source>
        <translation>공유 폴더에 다른 Compose 파일이 없습니다.</translation>
    </message>
    <message>
        <source>Not started</source>
        <translation>시작하지 않음</translation>
    </message>
    <message>
        <source>Nothing has been done with this project yet.</source>
        <translation>이 프로젝트로 아직 한 일이 없습니다.</translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation>폴더 열기</translation>
    </message>
    <message>
        <source>Open in editor</source>
        <translation>편집기에서 열기</translation>
    </message>
    <message>
        <source>Pull the images of project '{name}'</source>
        <translation>프로젝트 '{name}'의 이미지 받기</translation>
    </message>
    <message>
        <source>Remove its images too</source>
        <translation>이미지도 삭제</translation>
    </message>
    <message>
        <source>Remove its volumes too, with all that is in them</source>
        <translation>볼륨도 그 안의 내용과 함께 삭제</translation>
    </message>
    <message>
        <source>Restart project '{name}'</source>
        <translation>프로젝트 '{name}' 재시작</translation>
    </message>
    <message>
        <source>Service</source>
        <translation>서비스</translation>
    </message>
    <message>
        <source>Services</source>
        <translation>서비스</translation>
    </message>
    <message>
        <source>Share</source>
        <translation>공유</translation>
    </message>
    <message>
        <source>Share the folder …</source>
        <translation>폴더 공유 …</translation>
    </message>
    <message>
        <source>Share {folder}</source>
        <translation>{folder} 공유</translation>
    </message>
    <message>
        <source>Share {folder}?</source>
        <translation>{folder}을(를) 공유할까요?</translation>
    </message>
    <message>
        <source>Start project '{name}'</source>
        <translation>프로젝트 '{name}' 시작</translation>
    </message>
    <message>
        <source>Stop project '{name}'</source>
        <translation>프로젝트 '{name}' 중지</translation>
    </message>
    <message>
        <source>Take '{name}' down?</source>
        <translation>'{name}'을(를) 내릴까요?</translation>
    </message>
    <message>
        <source>Take down</source>
        <translation>내리기</translation>
    </message>
    <message>
        <source>Take down …</source>
        <translation>내리기 …</translation>
    </message>
    <message>
        <source>Take off this list</source>
        <translation>이 목록에서 빼기</translation>
    </message>
    <message>
        <source>Take project '{name}' down</source>
        <translation>프로젝트 '{name}' 내리기</translation>
    </message>
    <message>
        <source>The machine and its containers can then read and change what is in it.</source>
        <translation>그러면 머신과 그 컨테이너가 폴더의 내용을 읽고 바꿀 수 있습니다.</translation>
    </message>
    <message>
        <source>The machine cannot see the file.</source>
        <translation>머신이 이 파일을 볼 수 없습니다.</translation>
    </message>
    <message>
        <source>The machine cannot see {file}: it is in no shared folder. Share it: linnet share add {folder}</source>
        <translation>머신이 {file}을(를) 볼 수 없습니다. 공유 폴더에 있지 않습니다. 공유하려면: linnet share add {folder}</translation>
    </message>
    <message>
        <source>There are no projects</source>
        <translation>프로젝트가 없습니다</translation>
    </message>
    <message>
        <source>This computer does not have the file of this project.</source>
        <translation>이 컴퓨터에는 이 프로젝트의 파일이 없습니다.</translation>
    </message>
    <message>
        <source>What compose says</source>
        <translation>Compose 출력</translation>
    </message>
    <message>
        <source>compose up</source>
        <translation>compose up</translation>
    </message>
    <message>
        <source>{n} compose file was found</source>
        <translation>Compose 파일 {n}개를 찾았습니다</translation>
    </message>
    <message>
        <source>{n} compose files were found</source>
        <translation>Compose 파일 {n}개를 찾았습니다</translation>
    </message>
    <message>
        <source>{n} found; {folder}</source>
        <translation>{n}개 찾음; {folder}</translation>
    </message>
    <message>
        <source>{n} running</source>
        <translation>{n}개 실행 중</translation>
    </message>
    <message>
        <source>{up} of {total} running</source>
        <translation>{total}개 중 {up}개 실행 중</translation>
    </message>
</context>
</TS>
