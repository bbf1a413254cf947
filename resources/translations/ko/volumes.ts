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
        <source>All files in it are lost; nothing can bring them back.</source>
        <translation>안에 있는 파일이 모두 사라지며 되돌릴 수 없습니다.</translation>
    </message>
    <message>
        <source>All files in them are lost; nothing can bring them back.</source>
        <translation>안에 있는 파일이 모두 사라지며 되돌릴 수 없습니다.</translation>
    </message>
    <message>
        <source>All volumes that no container uses</source>
        <translation>컨테이너가 쓰지 않는 모든 볼륨</translation>
    </message>
    <message>
        <source>Browse files</source>
        <translation>파일 보기</translation>
    </message>
    <message>
        <source>Create a volume</source>
        <translation>볼륨 만들기</translation>
    </message>
    <message>
        <source>Details of the volume</source>
        <translation>볼륨 상세 정보</translation>
    </message>
    <message>
        <source>In the machine at</source>
        <translation>머신 안 위치</translation>
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
        <source>More about volumes</source>
        <translation>볼륨에 대한 다른 작업</translation>
    </message>
    <message>
        <source>Options of the driver</source>
        <translation>드라이버 옵션</translation>
    </message>
    <message>
        <source>Remove unused volumes</source>
        <translation>쓰지 않는 볼륨 정리</translation>
    </message>
    <message>
        <source>The volume {name} is made.</source>
        <translation>볼륨 {name}을(를) 만들었습니다.</translation>
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
        <source>Volumes without a name</source>
        <translation>이름 없는 볼륨</translation>
    </message>
    <message>
        <source>Write options as name=value, one a line, not as '{line}'.</source>
        <translation>옵션은 '{line}'처럼 적지 말고 한 줄에 하나씩 이름=값 형식으로 적으세요.</translation>
    </message>
    <message>
        <source>not known yet</source>
        <translation>아직 모름</translation>
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
        <source>{volume} stays, because containers use it: {names}.</source>
        <translation>{volume}은(는) 다음 컨테이너가 쓰고 있어 남습니다: {names}.</translation>
    </message>
</context>
</TS>
