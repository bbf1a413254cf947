<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>linnet</name>
    <message>
        <source>Cache</source>
        <translation>캐시</translation>
    </message>
    <message>
        <source>Copy the socket's address</source>
        <translation>소켓 주소 복사</translation>
    </message>
    <message>
        <source>Edit …</source>
        <translation>편집 …</translation>
    </message>
    <message>
        <source>Exit code {code}.</source>
        <translation>종료 코드 {code}.</translation>
    </message>
    <message>
        <source>Hardware</source>
        <translation>하드웨어</translation>
    </message>
    <message>
        <source>In</source>
        <translation>수신</translation>
    </message>
    <message>
        <source>It ran out of memory.</source>
        <translation>메모리가 부족했습니다.</translation>
    </message>
    <message>
        <source>Latest</source>
        <translation>최근 소식</translation>
    </message>
    <message>
        <source>Nothing has happened since the window was opened.</source>
        <translation>창을 연 뒤로 일어난 일이 없습니다.</translation>
    </message>
    <message>
        <source>On this computer</source>
        <translation>이 컴퓨터에서</translation>
    </message>
    <message>
        <source>Out</source>
        <translation>송신</translation>
    </message>
    <message>
        <source>Port {address}: {what}</source>
        <translation>포트 {address}: {what}</translation>
    </message>
    <message>
        <source>Read</source>
        <translation>읽기</translation>
    </message>
    <message>
        <source>The address is copied; DOCKER_HOST takes it.</source>
        <translation>주소를 복사했습니다. DOCKER_HOST에 쓸 수 있습니다.</translation>
    </message>
    <message>
        <source>The machine is {state}.</source>
        <translation>머신 상태: {state}.</translation>
    </message>
    <message>
        <source>Used</source>
        <translation>사용</translation>
    </message>
    <message>
        <source>Written</source>
        <translation>쓰기</translation>
    </message>
    <message>
        <source>cannot be opened</source>
        <translation>열 수 없음</translation>
    </message>
    <message>
        <source>closed</source>
        <translation>닫힘</translation>
    </message>
    <message>
        <source>does not answer</source>
        <translation>응답하지 않음</translation>
    </message>
    <message>
        <source>open</source>
        <translation>열림</translation>
    </message>
    <message>
        <source>{cpus} CPUs, {driver}, {accelerator}</source>
        <translation>CPU {cpus}개, {driver}, {accelerator}</translation>
    </message>
    <message>
        <source>{memory} memory, {disk} disk</source>
        <translation>메모리 {memory}, 디스크 {disk}</translation>
    </message>
    <message>
        <source>{name} goes on.</source>
        <translation>{name}이(가) 계속 실행됩니다.</translation>
    </message>
    <message>
        <source>{name} has ended.</source>
        <translation>{name}이(가) 끝났습니다.</translation>
    </message>
    <message>
        <source>{name} has this name now.</source>
        <translation>{name}(으)로 이름이 바뀌었습니다.</translation>
    </message>
    <message>
        <source>{name} is {health}.</source>
        <translation>{name} 상태: {health}.</translation>
    </message>
    <message>
        <source>{name} was created.</source>
        <translation>{name}이(가) 생성되었습니다.</translation>
    </message>
    <message>
        <source>{name} was paused.</source>
        <translation>{name}이(가) 일시 정지되었습니다.</translation>
    </message>
    <message>
        <source>{name} was removed.</source>
        <translation>{name}이(가) 제거되었습니다.</translation>
    </message>
    <message>
        <source>{name} was started.</source>
        <translation>{name}이(가) 시작되었습니다.</translation>
    </message>
    <message>
        <source>{n} network</source>
        <translation>네트워크 {n}개</translation>
    </message>
    <message>
        <source>{n} networks</source>
        <translation>네트워크 {n}개</translation>
    </message>
    <message>
        <source>{running} of {total} containers run</source>
        <translation>컨테이너 {total}개 중 {running}개 실행 중</translation>
    </message>
    <message>
        <source>{size}/s</source>
        <translation>{size}/초</translation>
    </message>
    <message>
        <source>{used} used of {size}</source>
        <translation>{size} 중 {used} 사용</translation>
    </message>
</context>
</TS>
