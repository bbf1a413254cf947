<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>linnet</name>
    <message>
        <source>'{machine}' runs {engine} now.</source>
        <translation>이제 '{machine}'에서 {engine}이(가) 실행됩니다.</translation>
    </message>
    <message>
        <source>'{machine}' will run {engine} at its next start.</source>
        <translation>다음에 시작하면 '{machine}'에서 {engine}이(가) 실행됩니다.</translation>
    </message>
    <message>
        <source>'{name}' is as it was in the snapshot '{snapshot}'.</source>
        <translation>'{name}'이(가) 스냅샷 '{snapshot}'의 상태로 돌아갔습니다.</translation>
    </message>
    <message>
        <source>'{name}' runs with the guest image {version}.</source>
        <translation>'{name}'이(가) 게스트 이미지 {version}(으)로 실행 중입니다.</translation>
    </message>
    <message>
        <source>A name has small letters, digits and hyphens, no hyphen at either end; 32 signs at most.</source>
        <translation>이름에는 영문 소문자, 숫자, 하이픈만 쓸 수 있고 양 끝에는 하이픈을 쓸 수 없으며 32자까지입니다.</translation>
    </message>
    <message>
        <source>A shell needs a running machine</source>
        <translation>셸을 쓰려면 머신이 실행 중이어야 합니다</translation>
    </message>
    <message>
        <source>About the machine</source>
        <translation>머신 정보</translation>
    </message>
    <message>
        <source>Access</source>
        <translation>접근</translation>
    </message>
    <message>
        <source>Add shared folder</source>
        <translation>공유 폴더 추가</translation>
    </message>
    <message>
        <source>Agent in the guest</source>
        <translation>게스트의 에이전트</translation>
    </message>
    <message>
        <source>All its images, containers and volumes are lost, those of every engine that it has run.</source>
        <translation>이 머신에서 실행한 모든 엔진의 이미지, 컨테이너, 볼륨을 전부 잃게 됩니다.</translation>
    </message>
    <message>
        <source>All that this computer has: it may become slow while containers work.</source>
        <translation>이 컴퓨터의 전부입니다. 컨테이너가 일하는 동안 컴퓨터가 느려질 수 있습니다.</translation>
    </message>
    <message>
        <source>At its next start the machine takes the guest image {version}, after a snapshot.</source>
        <translation>다음에 시작할 때 머신은 스냅샷을 찍은 뒤 게스트 이미지 {version}을(를) 사용합니다.</translation>
    </message>
    <message>
        <source>Change and restart</source>
        <translation>바꾸고 재시작</translation>
    </message>
    <message>
        <source>Change machine '{name}'</source>
        <translation>머신 '{name}' 변경</translation>
    </message>
    <message>
        <source>Changed, and waits for a restart: {settings}.</source>
        <translation>변경되었으며 재시작하면 적용됩니다: {settings}.</translation>
    </message>
    <message>
        <source>Clock</source>
        <translation>시계</translation>
    </message>
    <message>
        <source>Console of the guest</source>
        <translation>게스트 콘솔</translation>
    </message>
    <message>
        <source>Containers can read and change all files in your home folder.</source>
        <translation>컨테이너가 홈 폴더의 모든 파일을 읽고 바꿀 수 있게 됩니다.</translation>
    </message>
    <message>
        <source>Containers can read your home folder, and change nothing in it.</source>
        <translation>컨테이너가 홈 폴더를 읽을 수만 있고 바꿀 수는 없게 됩니다.</translation>
    </message>
    <message>
        <source>Containers see your home folder no longer. It stays on this computer as it is.</source>
        <translation>컨테이너에서 홈 폴더가 더 이상 보이지 않습니다. 홈 폴더는 이 컴퓨터에 그대로 남습니다.</translation>
    </message>
    <message>
        <source>Containers that run are stopped; those with a restart policy come back by themselves. A snapshot is taken first. Afterwards Linnet checks the file system, the engine, and that all images, containers and volumes are there; if something is wrong, the machine goes back by itself.</source>
        <translation>실행 중인 컨테이너가 중지되며, 재시작 정책이 있는 컨테이너는 저절로 다시 시작됩니다. 먼저 스냅샷을 찍습니다. 그다음 Linnet이 파일 시스템과 엔진을 검사하고 이미지, 컨테이너, 볼륨이 모두 있는지 확인합니다. 문제가 있으면 머신은 저절로 이전 상태로 돌아갑니다.</translation>
    </message>
    <message>
        <source>Containers that use {path} lose it. The folder itself and all that is in it stay on this computer.</source>
        <translation>{path}을(를) 쓰는 컨테이너는 이 폴더를 잃습니다. 폴더와 그 안의 내용은 이 컴퓨터에 그대로 남습니다.</translation>
    </message>
    <message>
        <source>Create machine '{name}'</source>
        <translation>머신 '{name}' 만들기</translation>
    </message>
    <message>
        <source>Delete '{name}' with all that is listed here</source>
        <translation>여기 적힌 모든 것과 함께 '{name}' 삭제</translation>
    </message>
    <message>
        <source>Delete machine</source>
        <translation>머신 삭제</translation>
    </message>
    <message>
        <source>Delete machine '{name}'</source>
        <translation>머신 '{name}' 삭제</translation>
    </message>
    <message>
        <source>Delete machine '{name}'?</source>
        <translation>머신 '{name}'을(를) 삭제할까요?</translation>
    </message>
    <message>
        <source>Delete the snapshot '{snapshot}' of '{name}'</source>
        <translation>'{name}'의 스냅샷 '{snapshot}' 삭제</translation>
    </message>
    <message>
        <source>Delete the snapshot '{snapshot}'?</source>
        <translation>스냅샷 '{snapshot}'을(를) 삭제할까요?</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>버리기</translation>
    </message>
    <message>
        <source>Discard suspended state …</source>
        <translation>일시 중단 상태 버리기 …</translation>
    </message>
    <message>
        <source>Discard the suspended state of '{name}'?</source>
        <translation>'{name}'의 일시 중단 상태를 버릴까요?</translation>
    </message>
    <message>
        <source>Docker's own engine, for tools that need exactly that.</source>
        <translation>Docker 고유의 엔진입니다. 꼭 이것이 필요한 도구를 위한 것입니다.</translation>
    </message>
    <message>
        <source>Each engine keeps its own images, containers and volumes; switching back shows them again.</source>
        <translation>이미지, 컨테이너, 볼륨은 엔진마다 따로 보관되며, 되돌아가면 다시 나타납니다.</translation>
    </message>
    <message>
        <source>Folder on this computer</source>
        <translation>이 컴퓨터의 폴더</translation>
    </message>
    <message>
        <source>Folder to share</source>
        <translation>공유할 폴더</translation>
    </message>
    <message>
        <source>For containers that need more rights, such as low ports or devices.</source>
        <translation>낮은 번호의 포트나 장치처럼 더 많은 권한이 필요한 컨테이너를 위한 것입니다.</translation>
    </message>
    <message>
        <source>Force machine '{name}' to stop</source>
        <translation>머신 '{name}' 강제 중지</translation>
    </message>
    <message>
        <source>Force machine '{name}' to stop?</source>
        <translation>머신 '{name}'을(를) 강제로 중지할까요?</translation>
    </message>
    <message>
        <source>Force stop</source>
        <translation>강제 중지</translation>
    </message>
    <message>
        <source>Force stop …</source>
        <translation>강제 중지 …</translation>
    </message>
    <message>
        <source>Go back</source>
        <translation>되돌리기</translation>
    </message>
    <message>
        <source>Go back to the snapshot '{snapshot}' of '{name}'</source>
        <translation>'{name}'을(를) 스냅샷 '{snapshot}'(으)로 되돌리기</translation>
    </message>
    <message>
        <source>Go back to the snapshot '{snapshot}'?</source>
        <translation>스냅샷 '{snapshot}'(으)로 되돌릴까요?</translation>
    </message>
    <message>
        <source>Go back …</source>
        <translation>되돌리기 …</translation>
    </message>
    <message>
        <source>Guest image {version}</source>
        <translation>게스트 이미지 {version}</translation>
    </message>
    <message>
        <source>Have in view</source>
        <translation>이 머신 표시</translation>
    </message>
    <message>
        <source>Held</source>
        <translation>내용</translation>
    </message>
    <message>
        <source>It is switched off at once, like pulling the plug. What containers have not written to disk yet is lost. Its images, containers and volumes stay.</source>
        <translation>전원 코드를 뽑은 것처럼 바로 꺼집니다. 컨테이너가 아직 디스크에 쓰지 않은 내용은 잃게 됩니다. 이미지, 컨테이너, 볼륨은 남습니다.</translation>
    </message>
    <message>
        <source>It takes effect when the machine has been stopped and started; a resume keeps what it has.</source>
        <translation>머신을 중지했다가 다시 시작하면 적용됩니다. 재개만 하면 지금 그대로입니다.</translation>
    </message>
    <message>
        <source>It takes only the space in use ({size} are free here). It can grow later, not shrink.</source>
        <translation>실제로 쓰는 만큼만 차지합니다(여기에 {size} 남음). 나중에 늘릴 수는 있지만 줄일 수는 없습니다.</translation>
    </message>
    <message>
        <source>Keep the memory too: running containers will go on where they were</source>
        <translation>메모리도 보관: 실행 중인 컨테이너가 그 지점부터 이어서 실행됩니다</translation>
    </message>
    <message>
        <source>Leave its memory out: the machine starts afresh</source>
        <translation>메모리는 제외: 머신이 새로 시작됩니다</translation>
    </message>
    <message>
        <source>Leaves {size} to this computer itself, which may become slow.</source>
        <translation>이 컴퓨터 자체에는 {size}만 남아 느려질 수 있습니다.</translation>
    </message>
    <message>
        <source>Linnet's service</source>
        <translation>Linnet 서비스</translation>
    </message>
    <message>
        <source>Machine '{name}' is deleted.</source>
        <translation>머신 '{name}'을(를) 삭제했습니다.</translation>
    </message>
    <message>
        <source>Machine '{name}' is there.</source>
        <translation>머신 '{name}'을(를) 만들었습니다.</translation>
    </message>
    <message>
        <source>Machine was</source>
        <translation>머신 상태</translation>
    </message>
    <message>
        <source>Memory it takes here</source>
        <translation>이 컴퓨터에서 차지하는 메모리</translation>
    </message>
    <message>
        <source>Moby</source>
        <translation>Moby</translation>
    </message>
    <message>
        <source>New machine</source>
        <translation>새 머신</translation>
    </message>
    <message>
        <source>New machine …</source>
        <translation>새 머신 …</translation>
    </message>
    <message>
        <source>No</source>
        <translation>아니요</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>메모</translation>
    </message>
    <message>
        <source>Now: {contents}</source>
        <translation>지금: {contents}</translation>
    </message>
    <message>
        <source>Path in the machine</source>
        <translation>머신 안의 경로</translation>
    </message>
    <message>
        <source>Podman</source>
        <translation>Podman</translation>
    </message>
    <message>
        <source>Problems</source>
        <translation>문제</translation>
    </message>
    <message>
        <source>Process</source>
        <translation>프로세스</translation>
    </message>
    <message>
        <source>Read only: containers can change nothing in it</source>
        <translation>읽기 전용: 컨테이너가 그 안의 것을 바꿀 수 없습니다</translation>
    </message>
    <message>
        <source>Recommended. Without root: a container that breaks out is an ordinary user of the machine.</source>
        <translation>권장합니다. 루트 권한 없이 실행되므로 컨테이너가 탈출하더라도 머신의 일반 사용자일 뿐입니다.</translation>
    </message>
    <message>
        <source>Runs for</source>
        <translation>실행 시간</translation>
    </message>
    <message>
        <source>Runs on</source>
        <translation>실행 방식</translation>
    </message>
    <message>
        <source>Save and restart</source>
        <translation>저장하고 재시작</translation>
    </message>
    <message>
        <source>Save and restart …</source>
        <translation>저장하고 재시작 …</translation>
    </message>
    <message>
        <source>Saved; it takes effect at the next start.</source>
        <translation>저장했습니다. 다음에 시작할 때 적용됩니다.</translation>
    </message>
    <message>
        <source>Served by</source>
        <translation>제공 방식</translation>
    </message>
    <message>
        <source>Share the folder no longer?</source>
        <translation>폴더 공유를 그만둘까요?</translation>
    </message>
    <message>
        <source>Share the home folder otherwise?</source>
        <translation>홈 폴더의 공유 방식을 바꿀까요?</translation>
    </message>
    <message>
        <source>Shared folders stay: they are on this computer. This cannot be undone.</source>
        <translation>공유 폴더는 이 컴퓨터에 있으므로 그대로 남습니다. 이 작업은 되돌릴 수 없습니다.</translation>
    </message>
    <message>
        <source>Shell</source>
        <translation>셸</translation>
    </message>
    <message>
        <source>Start it at once</source>
        <translation>바로 시작</translation>
    </message>
    <message>
        <source>Start it together with Linnet's service</source>
        <translation>Linnet 서비스와 함께 시작</translation>
    </message>
    <message>
        <source>Switch machine '{machine}' to {engine}</source>
        <translation>머신 '{machine}'을(를) {engine}(으)로 전환</translation>
    </message>
    <message>
        <source>Take a snapshot of '{name}'</source>
        <translation>'{name}'의 스냅샷 찍기</translation>
    </message>
    <message>
        <source>Take snapshot</source>
        <translation>스냅샷 찍기</translation>
    </message>
    <message>
        <source>Take snapshot …</source>
        <translation>스냅샷 찍기 …</translation>
    </message>
    <message>
        <source>Taken by itself before an upgrade</source>
        <translation>업그레이드 전에 자동으로 찍음</translation>
    </message>
    <message>
        <source>Taken by itself before going back</source>
        <translation>되돌리기 전에 자동으로 찍음</translation>
    </message>
    <message>
        <source>The containers of {old} are stopped. Its images, containers and volumes stay with it and are there again when you switch back; {new} has its own.</source>
        <translation>{old}의 컨테이너가 중지됩니다. 이미지, 컨테이너, 볼륨은 그 엔진에 남아 있다가 되돌아가면 다시 나타납니다. {new}에는 자체의 것이 따로 있습니다.</translation>
    </message>
    <message>
        <source>The machine becomes as it was on {time}; containers that run are stopped. What is there now is not lost: it is kept as a snapshot first, so that you can go back to it.</source>
        <translation>머신이 {time}의 상태로 돌아가며, 실행 중인 컨테이너는 중지됩니다. 지금 있는 내용은 사라지지 않습니다. 먼저 스냅샷으로 보관되므로 나중에 다시 돌아올 수 있습니다.</translation>
    </message>
    <message>
        <source>The machine has to be restarted for this; its containers are stopped.</source>
        <translation>그러려면 머신을 재시작해야 하며 컨테이너가 중지됩니다.</translation>
    </message>
    <message>
        <source>The machine in view</source>
        <translation>표시 중인 머신</translation>
    </message>
    <message>
        <source>The machine stays with its guest image. It does not take {reason}</source>
        <translation>머신은 지금의 게스트 이미지를 유지합니다. 다음 이미지는 사용하지 않습니다. {reason}</translation>
    </message>
    <message>
        <source>The machine's disk is kept as it is now: images, containers and volumes. A snapshot takes no room at first, and later as much as has changed since. With the memory, the machine is suspended for a moment.</source>
        <translation>머신의 디스크를 이미지, 컨테이너, 볼륨까지 지금 그대로 보관합니다. 스냅샷은 처음에는 공간을 차지하지 않으며, 이후 바뀐 만큼만 차지합니다. 메모리도 보관하면 머신이 잠시 일시 중단됩니다.</translation>
    </message>
    <message>
        <source>The running machine takes this at its next start. Save now, or save and restart it.</source>
        <translation>실행 중인 머신에는 다음에 시작할 때 적용됩니다. 지금 저장만 하거나, 저장하고 재시작하세요.</translation>
    </message>
    <message>
        <source>The snapshot '{snapshot}' is deleted.</source>
        <translation>스냅샷 '{snapshot}'을(를) 삭제했습니다.</translation>
    </message>
    <message>
        <source>The snapshot is taken.</source>
        <translation>스냅샷을 찍었습니다.</translation>
    </message>
    <message>
        <source>The state that it holds is lost for good. The machine itself stays as it is.</source>
        <translation>스냅샷에 보관된 상태는 완전히 사라집니다. 머신 자체는 그대로 유지됩니다.</translation>
    </message>
    <message>
        <source>Then: {contents}</source>
        <translation>그때: {contents}</translation>
    </message>
    <message>
        <source>There are no snapshots. Linnet takes one by itself before each upgrade; you can take one at any time.</source>
        <translation>스냅샷이 없습니다. Linnet은 업그레이드 전에 스냅샷을 자동으로 찍으며, 언제든지 직접 찍을 수도 있습니다.</translation>
    </message>
    <message>
        <source>There is a machine '{name}' already.</source>
        <translation>머신 '{name}'이(가) 이미 있습니다.</translation>
    </message>
    <message>
        <source>There is a snapshot of this name already.</source>
        <translation>같은 이름의 스냅샷이 이미 있습니다.</translation>
    </message>
    <message>
        <source>This computer has only {size} free. The disk takes what is used of it, and cannot shrink.</source>
        <translation>이 컴퓨터에 남은 공간은 {size}뿐입니다. 디스크는 쓰는 만큼 차지하며 줄일 수 없습니다.</translation>
    </message>
    <message>
        <source>This computer has {size}; what the machine does not use goes back to it.</source>
        <translation>이 컴퓨터의 메모리는 {size}입니다. 머신이 쓰지 않는 만큼은 되돌려줍니다.</translation>
    </message>
    <message>
        <source>This machine shares no folder.</source>
        <translation>이 머신에서 공유하는 폴더가 없습니다.</translation>
    </message>
    <message>
        <source>Try again …</source>
        <translation>다시 시도 …</translation>
    </message>
    <message>
        <source>Upgrade</source>
        <translation>업그레이드</translation>
    </message>
    <message>
        <source>Upgrade machine '{name}'</source>
        <translation>머신 '{name}' 업그레이드</translation>
    </message>
    <message>
        <source>Upgrade machine '{name}'?</source>
        <translation>머신 '{name}'을(를) 업그레이드할까요?</translation>
    </message>
    <message>
        <source>Upgrade now …</source>
        <translation>지금 업그레이드 …</translation>
    </message>
    <message>
        <source>Use this engine …</source>
        <translation>이 엔진 사용 …</translation>
    </message>
    <message>
        <source>Use up to 64 letters, digits, points, hyphens and underscores.</source>
        <translation>영문자, 숫자, 마침표, 하이픈, 밑줄을 64자까지 사용하세요.</translation>
    </message>
    <message>
        <source>Virtual machine (QEMU)</source>
        <translation>가상 머신(QEMU)</translation>
    </message>
    <message>
        <source>Waits for</source>
        <translation>기다리는 것</translation>
    </message>
    <message>
        <source>What its programs had in memory is lost; running containers count as ended. What is on its disk stays.</source>
        <translation>프로그램이 메모리에 두었던 내용을 잃게 되고, 실행 중이던 컨테이너는 끝난 것으로 처리됩니다. 디스크의 내용은 남습니다.</translation>
    </message>
    <message>
        <source>Which log</source>
        <translation>로그 선택</translation>
    </message>
    <message>
        <source>Yes, but only to read</source>
        <translation>예, 읽기만 가능</translation>
    </message>
    <message>
        <source>Yes, containers may change files in it</source>
        <translation>예, 컨테이너가 파일을 바꿀 수 있음</translation>
    </message>
    <message>
        <source>all images, containers and volumes on its disk</source>
        <translation>디스크에 있는 모든 이미지, 컨테이너, 볼륨</translation>
    </message>
    <message>
        <source>chosen at the start</source>
        <translation>시작할 때 선택</translation>
    </message>
    <message>
        <source>date and time</source>
        <translation>날짜와 시각</translation>
    </message>
    <message>
        <source>in use</source>
        <translation>사용 중</translation>
    </message>
    <message>
        <source>mounted</source>
        <translation>마운트됨</translation>
    </message>
    <message>
        <source>not in this guest image</source>
        <translation>이 게스트 이미지에 없음</translation>
    </message>
    <message>
        <source>not known</source>
        <translation>알 수 없음</translation>
    </message>
    <message>
        <source>not mounted</source>
        <translation>마운트되지 않음</translation>
    </message>
    <message>
        <source>the same path</source>
        <translation>같은 경로</translation>
    </message>
    <message>
        <source>when the machine runs</source>
        <translation>머신이 실행될 때</translation>
    </message>
    <message>
        <source>{machines}, {running} running</source>
        <translation>{machines}, {running}개 실행 중</translation>
    </message>
    <message>
        <source>{name} (in view)</source>
        <translation>{name} (표시 중)</translation>
    </message>
    <message>
        <source>{n} CPU</source>
        <translation>CPU {n}개</translation>
    </message>
    <message>
        <source>{n} CPUs</source>
        <translation>CPU {n}개</translation>
    </message>
    <message>
        <source>{n} machine</source>
        <translation>머신 {n}개</translation>
    </message>
    <message>
        <source>{n} machines</source>
        <translation>머신 {n}개</translation>
    </message>
    <message>
        <source>{n} s ahead of this computer</source>
        <translation>이 컴퓨터보다 {n}초 빠름</translation>
    </message>
    <message>
        <source>{n} s behind this computer</source>
        <translation>이 컴퓨터보다 {n}초 느림</translation>
    </message>
    <message>
        <source>{path} is shared no longer.</source>
        <translation>{path}을(를) 더 이상 공유하지 않습니다.</translation>
    </message>
    <message>
        <source>{path} is shared.</source>
        <translation>{path}을(를) 공유합니다.</translation>
    </message>
    <message>
        <source>{size} of data on its disk</source>
        <translation>디스크에 있는 데이터 {size}</translation>
    </message>
    <message>
        <source>{used} used of {size}; takes {host} on this computer</source>
        <translation>{size} 중 {used} 사용, 이 컴퓨터에서 {host} 차지</translation>
    </message>
    <message>
        <source>{used} used, {cache} cache of {total}</source>
        <translation>{total} 중 {used} 사용, 캐시 {cache}</translation>
    </message>
</context>
</TS>
