<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>linnet</name>
    <message>
        <source>Empty the trash</source>
        <translation>휴지통 비우기</translation>
    </message>
    <message>
        <source>Empty the trash …</source>
        <translation>휴지통 비우기 …</translation>
    </message>
    <message>
        <source>Empty the trash?</source>
        <translation>휴지통을 비울까요?</translation>
    </message>
    <message>
        <source>Goes in</source>
        <translation>남은 기간</translation>
    </message>
    <message>
        <source>Identifier</source>
        <translation>식별자</translation>
    </message>
    <message>
        <source>Made from {image}.</source>
        <translation>{image} 이미지로 만들었습니다.</translation>
    </message>
    <message>
        <source>Nothing can bring it back then.</source>
        <translation>그 뒤에는 되돌릴 수 없습니다.</translation>
    </message>
    <message>
        <source>Remove for good</source>
        <translation>완전히 삭제</translation>
    </message>
    <message>
        <source>Remove for good …</source>
        <translation>완전히 삭제 …</translation>
    </message>
    <message>
        <source>Remove {what} for good</source>
        <translation>{what} 완전히 삭제</translation>
    </message>
    <message>
        <source>Remove {what} for good?</source>
        <translation>{what}을(를) 완전히 삭제할까요?</translation>
    </message>
    <message>
        <source>Removed</source>
        <translation>삭제됨</translation>
    </message>
    <message>
        <source>Removed containers and volumes that held data are kept here for some days.</source>
        <translation>데이터가 있던 컨테이너와 볼륨은 삭제한 뒤에도 며칠 동안 여기에 보관됩니다.</translation>
    </message>
    <message>
        <source>Removed {when}.</source>
        <translation>{when}에 삭제했습니다.</translation>
    </message>
    <message>
        <source>Restore</source>
        <translation>복원</translation>
    </message>
    <message>
        <source>Restore '{name}'</source>
        <translation>'{name}' 복원</translation>
    </message>
    <message>
        <source>Restore as …</source>
        <translation>다른 이름으로 복원 …</translation>
    </message>
    <message>
        <source>Restore {what}</source>
        <translation>{what} 복원</translation>
    </message>
    <message>
        <source>Restored, it has its name, settings, networks, ports and mounts again; it is not started.</source>
        <translation>복원하면 이름, 설정, 네트워크, 포트, 마운트가 그대로 돌아옵니다. 시작하지는 않습니다.</translation>
    </message>
    <message>
        <source>The trash is empty</source>
        <translation>휴지통이 비어 있습니다</translation>
    </message>
    <message>
        <source>Volume without a name at {where}:</source>
        <translation>{where}의 이름 없는 볼륨:</translation>
    </message>
    <message>
        <source>What</source>
        <translation>종류</translation>
    </message>
    <message>
        <source>What it held</source>
        <translation>들어 있던 내용</translation>
    </message>
    <message>
        <source>less than a day</source>
        <translation>하루 미만</translation>
    </message>
    <message>
        <source>stays</source>
        <translation>계속 보관</translation>
    </message>
    <message>
        <source>{name} is back.</source>
        <translation>{name}을(를) 복원했습니다.</translation>
    </message>
    <message>
        <source>{n} day</source>
        <translation>{n}일</translation>
    </message>
    <message>
        <source>{n} days</source>
        <translation>{n}일</translation>
    </message>
    <message>
        <source>{n} thing</source>
        <translation>항목 {n}개</translation>
    </message>
    <message>
        <source>{n} thing is back.</source>
        <translation>항목 {n}개를 복원했습니다.</translation>
    </message>
    <message>
        <source>{n} things</source>
        <translation>항목 {n}개</translation>
    </message>
    <message>
        <source>{n} things are back.</source>
        <translation>항목 {n}개를 복원했습니다.</translation>
    </message>
</context>
</TS>
