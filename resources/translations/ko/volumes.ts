<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>linnet</name>
    <message>
        <source>A name has letters, digits, dots, dashes and underscores, and begins with a letter or digit.</source>
        <translation>이름에는 영문자, 숫자, 점, 붙임표, 밑줄을 쓸 수 있고 영문자나 숫자로 시작해야 합니다.</translation>
    </message>
    <message>
        <source>A volume keeps the data of containers when these are removed.</source>
        <translation>볼륨은 컨테이너를 삭제해도 데이터를 보관합니다.</translation>
    </message>
    <message>
        <source>All files</source>
        <translation>모든 파일</translation>
    </message>
    <message>
        <source>All files in it go. The trash keeps them for the time that the settings say.</source>
        <translation>안에 있는 파일이 모두 삭제됩니다. 설정에 정한 기간 동안 휴지통에 보관됩니다.</translation>
    </message>
    <message>
        <source>All files in them go. The trash keeps them for the time that the settings say.</source>
        <translation>안에 있는 파일이 모두 삭제됩니다. 설정에 정한 기간 동안 휴지통에 보관됩니다.</translation>
    </message>
    <message>
        <source>All volumes that no container uses</source>
        <translation>컨테이너가 쓰지 않는 모든 볼륨</translation>
    </message>
    <message>
        <source>Back up</source>
        <translation>백업</translation>
    </message>
    <message>
        <source>Back up now</source>
        <translation>지금 백업</translation>
    </message>
    <message>
        <source>Back up {volume}</source>
        <translation>{volume} 백업</translation>
    </message>
    <message>
        <source>Back up {volume} no more?</source>
        <translation>{volume} 백업을 그만둘까요?</translation>
    </message>
    <message>
        <source>Back up …</source>
        <translation>백업 …</translation>
    </message>
    <message>
        <source>Backed up every {time}, {last}; {kept}</source>
        <translation>{time}마다 백업, {last}. {kept}</translation>
    </message>
    <message>
        <source>Backups are made while the machine runs; what was missed is made up for by one.</source>
        <translation>백업은 머신이 실행되는 동안 이루어집니다. 놓친 백업은 한 번으로 보충합니다.</translation>
    </message>
    <message>
        <source>Browse files</source>
        <translation>파일 보기</translation>
    </message>
    <message>
        <source>Clone</source>
        <translation>복제</translation>
    </message>
    <message>
        <source>Clone {volume}</source>
        <translation>{volume} 복제</translation>
    </message>
    <message>
        <source>Clone {volume} as it was at {snapshot}</source>
        <translation>{snapshot} 시점의 {volume} 복제</translation>
    </message>
    <message>
        <source>Clone …</source>
        <translation>복제 …</translation>
    </message>
    <message>
        <source>Create a volume</source>
        <translation>볼륨 만들기</translation>
    </message>
    <message>
        <source>Delete snapshot {name}</source>
        <translation>스냅샷 {name} 삭제</translation>
    </message>
    <message>
        <source>Delete snapshot {name} of {volume}?</source>
        <translation>{volume}의 스냅샷 {name}을(를) 삭제할까요?</translation>
    </message>
    <message>
        <source>Details of the volume</source>
        <translation>볼륨 상세 정보</translation>
    </message>
    <message>
        <source>Export {volume}</source>
        <translation>{volume} 내보내기</translation>
    </message>
    <message>
        <source>Export …</source>
        <translation>내보내기 …</translation>
    </message>
    <message>
        <source>Exports of volumes</source>
        <translation>볼륨 내보내기 파일</translation>
    </message>
    <message>
        <source>How many are kept</source>
        <translation>보관할 개수</translation>
    </message>
    <message>
        <source>How often</source>
        <translation>주기</translation>
    </message>
    <message>
        <source>Import</source>
        <translation>가져오기</translation>
    </message>
    <message>
        <source>Import a volume</source>
        <translation>볼륨 가져오기</translation>
    </message>
    <message>
        <source>Import {name}</source>
        <translation>{name} 가져오기</translation>
    </message>
    <message>
        <source>Import …</source>
        <translation>가져오기 …</translation>
    </message>
    <message>
        <source>In the machine at</source>
        <translation>머신 안 위치</translation>
    </message>
    <message>
        <source>Keep it in the trash</source>
        <translation>휴지통에 보관</translation>
    </message>
    <message>
        <source>Measure again</source>
        <translation>크기 다시 재기</translation>
    </message>
    <message>
        <source>Measure volumes again</source>
        <translation>볼륨 크기 다시 재기</translation>
    </message>
    <message>
        <source>More about this volume</source>
        <translation>이 볼륨의 다른 작업</translation>
    </message>
    <message>
        <source>More about volumes</source>
        <translation>볼륨에 대한 다른 작업</translation>
    </message>
    <message>
        <source>Name of the new volume. It takes no space until something in it is changed.</source>
        <translation>새 볼륨의 이름입니다. 안의 파일이 바뀌기 전까지는 공간을 차지하지 않습니다.</translation>
    </message>
    <message>
        <source>Name of the volume that is made of {file}.</source>
        <translation>{file}에서 만들 볼륨의 이름입니다.</translation>
    </message>
    <message>
        <source>Not paused, so what it was writing may be there by halves: {names}</source>
        <translation>일시 정지하지 못해 쓰던 내용이 반쯤만 들어 있을 수 있습니다: {names}</translation>
    </message>
    <message>
        <source>Options of the driver</source>
        <translation>드라이버 옵션</translation>
    </message>
    <message>
        <source>Paused for {seconds} s: {names}.</source>
        <translation>{seconds}초 동안 일시 정지: {names}.</translation>
    </message>
    <message>
        <source>Remark</source>
        <translation>비고</translation>
    </message>
    <message>
        <source>Remove unused volumes</source>
        <translation>쓰지 않는 볼륨 정리</translation>
    </message>
    <message>
        <source>Roll back</source>
        <translation>되돌리기</translation>
    </message>
    <message>
        <source>Roll back {volume}</source>
        <translation>{volume} 되돌리기</translation>
    </message>
    <message>
        <source>Roll back …</source>
        <translation>되돌리기 …</translation>
    </message>
    <message>
        <source>Roll {volume} back to {snapshot}?</source>
        <translation>{volume}을(를) {snapshot} 시점으로 되돌릴까요?</translation>
    </message>
    <message>
        <source>Snapshot</source>
        <translation>스냅샷</translation>
    </message>
    <message>
        <source>Snapshot of {volume}</source>
        <translation>{volume}의 스냅샷</translation>
    </message>
    <message>
        <source>Snapshot {name} is deleted.</source>
        <translation>스냅샷 {name}을(를) 삭제했습니다.</translation>
    </message>
    <message>
        <source>Snapshot {name} of {volume} is taken.</source>
        <translation>{volume}의 스냅샷 {name}을(를) 만들었습니다.</translation>
    </message>
    <message>
        <source>Snapshots of the volume</source>
        <translation>볼륨의 스냅샷</translation>
    </message>
    <message>
        <source>Stop backups</source>
        <translation>백업 중지</translation>
    </message>
    <message>
        <source>Stop backups …</source>
        <translation>백업 중지 …</translation>
    </message>
    <message>
        <source>Stop the containers and start them again</source>
        <translation>컨테이너를 중지했다가 다시 시작</translation>
    </message>
    <message>
        <source>Take a snapshot</source>
        <translation>스냅샷 만들기</translation>
    </message>
    <message>
        <source>The backups that there are stay.</source>
        <translation>이미 있는 백업은 그대로 남습니다.</translation>
    </message>
    <message>
        <source>The files are then those of the snapshot. What is there now is kept as another snapshot.</source>
        <translation>파일이 스냅샷의 것으로 바뀝니다. 지금 있는 내용은 다른 스냅샷으로 보관합니다.</translation>
    </message>
    <message>
        <source>The last try failed: {reason}</source>
        <translation>마지막 시도가 실패했습니다: {reason}</translation>
    </message>
    <message>
        <source>The volume stays as it is. Nothing can bring the snapshot back.</source>
        <translation>볼륨은 그대로 남습니다. 스냅샷은 되살릴 수 없습니다.</translation>
    </message>
    <message>
        <source>The volume {name} is made.</source>
        <translation>볼륨 {name}을(를) 만들었습니다.</translation>
    </message>
    <message>
        <source>There are no snapshots. One takes no space until the volume is changed, and stays when it is removed.</source>
        <translation>스냅샷이 없습니다. 스냅샷은 볼륨이 바뀌기 전까지 공간을 차지하지 않으며, 볼륨을 삭제해도 남습니다.</translation>
    </message>
    <message>
        <source>There are no volumes yet</source>
        <translation>아직 볼륨이 없습니다</translation>
    </message>
    <message>
        <source>There is a volume of this name already.</source>
        <translation>같은 이름의 볼륨이 이미 있습니다.</translation>
    </message>
    <message>
        <source>These containers have the volume: {names}.</source>
        <translation>이 볼륨을 쓰는 컨테이너: {names}.</translation>
    </message>
    <message>
        <source>This volume is not backed up.</source>
        <translation>이 볼륨은 백업하지 않습니다.</translation>
    </message>
    <message>
        <source>Volumes without a name</source>
        <translation>이름 없는 볼륨</translation>
    </message>
    <message>
        <source>Where backups go</source>
        <translation>백업을 둘 곳</translation>
    </message>
    <message>
        <source>Write options as name=value, one a line, not as '{line}'.</source>
        <translation>옵션은 '{line}'처럼 적지 말고 한 줄에 하나씩 이름=값 형식으로 적으세요.</translation>
    </message>
    <message>
        <source>a folder of Linnet's own</source>
        <translation>Linnet의 자체 폴더</translation>
    </message>
    <message>
        <source>every 6 hours</source>
        <translation>6시간마다</translation>
    </message>
    <message>
        <source>every day</source>
        <translation>매일</translation>
    </message>
    <message>
        <source>every hour</source>
        <translation>매시간</translation>
    </message>
    <message>
        <source>every week</source>
        <translation>매주</translation>
    </message>
    <message>
        <source>last {when}</source>
        <translation>마지막 {when}</translation>
    </message>
    <message>
        <source>none yet</source>
        <translation>아직 없음</translation>
    </message>
    <message>
        <source>not known yet</source>
        <translation>아직 모름</translation>
    </message>
    <message>
        <source>{n} of {keep} kept in {folder}.</source>
        <translation>{folder}에 {keep}개 중 {n}개를 보관하고 있습니다.</translation>
    </message>
    <message>
        <source>{n} volume is removed.</source>
        <translation>볼륨 {n}개를 삭제했습니다.</translation>
    </message>
    <message>
        <source>{n} volumes are removed.</source>
        <translation>볼륨 {n}개를 삭제했습니다.</translation>
    </message>
    <message>
        <source>{path} is written.</source>
        <translation>{path} 파일을 썼습니다.</translation>
    </message>
    <message>
        <source>{path} is written: {size}.</source>
        <translation>{path} 파일을 썼습니다: {size}.</translation>
    </message>
    <message>
        <source>{volume} is as it was at {snapshot}; what was there is the snapshot {before}.</source>
        <translation>{volume}을(를) {snapshot} 시점으로 되돌렸습니다. 그 전의 내용은 스냅샷 {before}에 있습니다.</translation>
    </message>
    <message>
        <source>{volume} is backed up from now on.</source>
        <translation>이제부터 {volume}을(를) 백업합니다.</translation>
    </message>
    <message>
        <source>{volume} is not backed up any more.</source>
        <translation>더 이상 {volume}을(를) 백업하지 않습니다.</translation>
    </message>
    <message>
        <source>{volume} stays, because containers use it: {names}.</source>
        <translation>{volume}은(는) 다음 컨테이너가 쓰고 있어 남습니다: {names}.</translation>
    </message>
</context>
</TS>
