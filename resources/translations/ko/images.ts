<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>linnet</name>
    <message>
        <source> {n} more stay.</source>
        <translation> 그 밖에 {n}개도 남았습니다.</translation>
    </message>
    <message>
        <source> {n} more stays.</source>
        <translation> 그 밖에 {n}개도 남았습니다.</translation>
    </message>
    <message>
        <source>A digest cannot be chosen; leave out what follows the @.</source>
        <translation>다이제스트는 정할 수 없습니다. @ 뒤를 지우세요.</translation>
    </message>
    <message>
        <source>A name has no spaces.</source>
        <translation>이름에는 공백을 쓸 수 없습니다.</translation>
    </message>
    <message>
        <source>An image is built from a folder with a Dockerfile.</source>
        <translation>Dockerfile이 있는 폴더에서 이미지를 빌드합니다.</translation>
    </message>
    <message>
        <source>Arguments: {names}</source>
        <translation>인수: {names}</translation>
    </message>
    <message>
        <source>Asking the registry</source>
        <translation>레지스트리에 묻는 중</translation>
    </message>
    <message>
        <source>Back to the images</source>
        <translation>이미지로 돌아가기</translation>
    </message>
    <message>
        <source>Build</source>
        <translation>빌드</translation>
    </message>
    <message>
        <source>Build again …</source>
        <translation>다시 빌드 …</translation>
    </message>
    <message>
        <source>Build an image</source>
        <translation>이미지 빌드</translation>
    </message>
    <message>
        <source>Build arguments</source>
        <translation>빌드 인수</translation>
    </message>
    <message>
        <source>Build {name}</source>
        <translation>{name} 빌드</translation>
    </message>
    <message>
        <source>Build …</source>
        <translation>빌드 …</translation>
    </message>
    <message>
        <source>Building</source>
        <translation>빌드 중</translation>
    </message>
    <message>
        <source>Builds</source>
        <translation>빌드 기록</translation>
    </message>
    <message>
        <source>Built</source>
        <translation>빌드됨</translation>
    </message>
    <message>
        <source>Choose the folder</source>
        <translation>폴더 선택</translation>
    </message>
    <message>
        <source>Details of the image</source>
        <translation>이미지 상세 정보</translation>
    </message>
    <message>
        <source>Digests</source>
        <translation>다이제스트</translation>
    </message>
    <message>
        <source>Do every step anew, without the cache</source>
        <translation>캐시 없이 모든 단계를 새로 실행</translation>
    </message>
    <message>
        <source>Dockerfile</source>
        <translation>Dockerfile</translation>
    </message>
    <message>
        <source>Entry point</source>
        <translation>진입점</translation>
    </message>
    <message>
        <source>Folder to build from</source>
        <translation>빌드할 폴더</translation>
    </message>
    <message>
        <source>Forget</source>
        <translation>목록에서 지우기</translation>
    </message>
    <message>
        <source>Give the name</source>
        <translation>이름 붙이기</translation>
    </message>
    <message>
        <source>Go on in the background</source>
        <translation>백그라운드에서 계속</translation>
    </message>
    <message>
        <source>Image archives (*.tar *.tar.gz *.tgz *.tar.xz *.tar.zst);;All files (*)</source>
        <translation>이미지 아카이브 (*.tar *.tar.gz *.tgz *.tar.xz *.tar.zst);;모든 파일 (*)</translation>
    </message>
    <message>
        <source>Image archives (*.tar)</source>
        <translation>이미지 아카이브 (*.tar)</translation>
    </message>
    <message>
        <source>Images without a name</source>
        <translation>이름 없는 이미지</translation>
    </message>
    <message>
        <source>Interrupted</source>
        <translation>중단됨</translation>
    </message>
    <message>
        <source>Its name, with a registry in front unless it is Docker Hub's.</source>
        <translation>이미지의 이름입니다. Docker Hub가 아니면 앞에 레지스트리를 적습니다.</translation>
    </message>
    <message>
        <source>Layer</source>
        <translation>레이어</translation>
    </message>
    <message>
        <source>Layers</source>
        <translation>레이어</translation>
    </message>
    <message>
        <source>Layers that other images share stay, so less may become free.</source>
        <translation>다른 이미지와 함께 쓰는 레이어는 남으므로 확보되는 공간이 더 작을 수 있습니다.</translation>
    </message>
    <message>
        <source>Load from a file …</source>
        <translation>파일에서 불러오기 …</translation>
    </message>
    <message>
        <source>Load images</source>
        <translation>이미지 불러오기</translation>
    </message>
    <message>
        <source>Load images from a file</source>
        <translation>파일에서 이미지 불러오기</translation>
    </message>
    <message>
        <source>Load {file}</source>
        <translation>{file} 불러오기</translation>
    </message>
    <message>
        <source>Loaded: {names}</source>
        <translation>불러왔습니다: {names}</translation>
    </message>
    <message>
        <source>Log in to {registry} on the page Registries.</source>
        <translation>레지스트리 페이지에서 {registry}에 로그인하세요.</translation>
    </message>
    <message>
        <source>Log of the build</source>
        <translation>빌드 로그</translation>
    </message>
    <message>
        <source>Look for newer base images</source>
        <translation>더 새로운 기반 이미지 확인</translation>
    </message>
    <message>
        <source>Made by</source>
        <translation>만든 명령</translation>
    </message>
    <message>
        <source>More about images</source>
        <translation>이미지에 대한 다른 작업</translation>
    </message>
    <message>
        <source>Name an image</source>
        <translation>이미지에 이름 붙이기</translation>
    </message>
    <message>
        <source>Name of the image</source>
        <translation>이미지 이름</translation>
    </message>
    <message>
        <source>Name …</source>
        <translation>이름 붙이기 …</translation>
    </message>
    <message>
        <source>Names</source>
        <translation>이름</translation>
    </message>
    <message>
        <source>Nothing was built yet</source>
        <translation>아직 빌드한 것이 없습니다</translation>
    </message>
    <message>
        <source>One more name for {image}:</source>
        <translation>{image}의 새 이름:</translation>
    </message>
    <message>
        <source>Only the registry and the tag may have capital letters.</source>
        <translation>대문자는 레지스트리와 태그에만 쓸 수 있습니다.</translation>
    </message>
    <message>
        <source>Platform</source>
        <translation>플랫폼</translation>
    </message>
    <message>
        <source>Platform: {name}</source>
        <translation>플랫폼: {name}</translation>
    </message>
    <message>
        <source>Progress of the build</source>
        <translation>빌드 진행 상황</translation>
    </message>
    <message>
        <source>Pull an image</source>
        <translation>이미지 받기</translation>
    </message>
    <message>
        <source>Pull one from a registry, build one from a folder, or load one from a file.</source>
        <translation>레지스트리에서 받거나, 폴더에서 빌드하거나, 파일에서 불러오세요.</translation>
    </message>
    <message>
        <source>Pull {name}</source>
        <translation>{name} 받기</translation>
    </message>
    <message>
        <source>Pull {name} again</source>
        <translation>{name} 다시 받기</translation>
    </message>
    <message>
        <source>Pull …</source>
        <translation>받기 …</translation>
    </message>
    <message>
        <source>Push</source>
        <translation>올리기</translation>
    </message>
    <message>
        <source>Push an image</source>
        <translation>이미지 올리기</translation>
    </message>
    <message>
        <source>Push {name}</source>
        <translation>{name} 올리기</translation>
    </message>
    <message>
        <source>Push …</source>
        <translation>올리기 …</translation>
    </message>
    <message>
        <source>Reading the folder</source>
        <translation>폴더를 읽는 중</translation>
    </message>
    <message>
        <source>Registry {registry}, logged in as {user}.</source>
        <translation>레지스트리 {registry}, {user} 계정으로 로그인했습니다.</translation>
    </message>
    <message>
        <source>Registry {registry}, without a log-in.</source>
        <translation>레지스트리 {registry}, 로그인하지 않았습니다.</translation>
    </message>
    <message>
        <source>Remove unused images</source>
        <translation>쓰지 않는 이미지 정리</translation>
    </message>
    <message>
        <source>Save {what}</source>
        <translation>{what} 저장</translation>
    </message>
    <message>
        <source>Sending the folder</source>
        <translation>폴더를 보내는 중</translation>
    </message>
    <message>
        <source>Sending {file}</source>
        <translation>{file} 보내는 중</translation>
    </message>
    <message>
        <source>Show builds</source>
        <translation>빌드 기록 보기</translation>
    </message>
    <message>
        <source>Show image</source>
        <translation>이미지 보기</translation>
    </message>
    <message>
        <source>Stage: {name}</source>
        <translation>단계: {name}</translation>
    </message>
    <message>
        <source>Stop after the stage</source>
        <translation>멈출 단계</translation>
    </message>
    <message>
        <source>Take away</source>
        <translation>떼기</translation>
    </message>
    <message>
        <source>Take the name {name} away …</source>
        <translation>이름 {name} 떼기 …</translation>
    </message>
    <message>
        <source>Take the name {name} away?</source>
        <translation>이름 {name}을(를) 뗄까요?</translation>
    </message>
    <message>
        <source>Takes the build off this list; its image stays.</source>
        <translation>목록에서만 지웁니다. 이미지는 남습니다.</translation>
    </message>
    <message>
        <source>That image is gone.</source>
        <translation>그 이미지는 이제 없습니다.</translation>
    </message>
    <message>
        <source>The Dockerfile takes: {names}</source>
        <translation>Dockerfile이 받는 인수: {names}</translation>
    </message>
    <message>
        <source>The engine unpacks the images</source>
        <translation>엔진이 이미지를 푸는 중</translation>
    </message>
    <message>
        <source>The file is loaded.</source>
        <translation>파일을 불러왔습니다.</translation>
    </message>
    <message>
        <source>The image is called {name} now.</source>
        <translation>이제 이미지의 이름은 {name}입니다.</translation>
    </message>
    <message>
        <source>The image keeps its other names.</source>
        <translation>이미지의 다른 이름은 남습니다.</translation>
    </message>
    <message>
        <source>The name says which registry it goes to.</source>
        <translation>올릴 레지스트리는 이름이 정합니다.</translation>
    </message>
    <message>
        <source>There are no images yet</source>
        <translation>아직 이미지가 없습니다</translation>
    </message>
    <message>
        <source>There is no file {name} in this folder.</source>
        <translation>이 폴더에 {name} 파일이 없습니다.</translation>
    </message>
    <message>
        <source>There is no such folder.</source>
        <translation>그런 폴더가 없습니다.</translation>
    </message>
    <message>
        <source>This is not a name of an image; write it like registry/name:tag.</source>
        <translation>이미지 이름이 아닙니다. 레지스트리/이름:태그 형식으로 적으세요.</translation>
    </message>
    <message>
        <source>This name belongs to no registry; give the image one that does first.</source>
        <translation>이 이름은 어느 레지스트리에도 속하지 않습니다. 먼저 레지스트리가 있는 이름을 붙이세요.</translation>
    </message>
    <message>
        <source>Up to {size} become free; layers that other images share stay.</source>
        <translation>최대 {size}의 공간이 확보됩니다. 다른 이미지와 함께 쓰는 레이어는 남습니다.</translation>
    </message>
    <message>
        <source>Waiting for the engine</source>
        <translation>엔진을 기다리는 중</translation>
    </message>
    <message>
        <source>What goes has to be pulled or built again when it is wanted.</source>
        <translation>삭제한 이미지가 다시 필요하면 새로 받거나 빌드해야 합니다.</translation>
    </message>
    <message>
        <source>Without the cache</source>
        <translation>캐시 없이</translation>
    </message>
    <message>
        <source>Working folder</source>
        <translation>작업 폴더</translation>
    </message>
    <message>
        <source>Write build arguments as NAME=value, one a line, not as '{line}'.</source>
        <translation>빌드 인수는 '{line}'처럼 적지 말고 한 줄에 하나씩 이름=값 형식으로 적으세요.</translation>
    </message>
    <message>
        <source>Writing {file}</source>
        <translation>{file} 쓰는 중</translation>
    </message>
    <message>
        <source>the last one</source>
        <translation>마지막 단계</translation>
    </message>
    <message>
        <source>the machine's own</source>
        <translation>머신과 같게</translation>
    </message>
    <message>
        <source>{done} of {n} layer</source>
        <translation>레이어 {n}개 중 {done}개</translation>
    </message>
    <message>
        <source>{done} of {n} layers</source>
        <translation>레이어 {n}개 중 {done}개</translation>
    </message>
    <message>
        <source>{image} stays, because containers use it: {names}.</source>
        <translation>{image}은(는) 다음 컨테이너가 쓰고 있어 남습니다: {names}.</translation>
    </message>
    <message>
        <source>{name} is here.</source>
        <translation>{name}을(를) 받았습니다.</translation>
    </message>
    <message>
        <source>{name} is in its registry.</source>
        <translation>{name}을(를) 레지스트리에 올렸습니다.</translation>
    </message>
    <message>
        <source>{n} file or folder, {size}</source>
        <translation>파일과 폴더 {n}개, {size}</translation>
    </message>
    <message>
        <source>{n} files and folders, {size}</source>
        <translation>파일과 폴더 {n}개, {size}</translation>
    </message>
    <message>
        <source>{n} image is removed.</source>
        <translation>이미지 {n}개를 삭제했습니다.</translation>
    </message>
    <message>
        <source>{n} images are removed.</source>
        <translation>이미지 {n}개를 삭제했습니다.</translation>
    </message>
</context>
</TS>
