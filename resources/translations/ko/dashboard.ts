<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>linnet</name>
    <message>
        <source>Build cache</source>
        <translation>빌드 캐시</translation>
    </message>
    <message>
        <source>Cache</source>
        <translation>캐시</translation>
    </message>
    <message>
        <source>Compact the disk</source>
        <translation>디스크 압축</translation>
    </message>
    <message>
        <source>Compact the disk of machine '{name}'</source>
        <translation>머신 '{name}'의 디스크 압축</translation>
    </message>
    <message>
        <source>Container {name}</source>
        <translation>컨테이너 {name}</translation>
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
        <source>Free</source>
        <translation>남음</translation>
    </message>
    <message>
        <source>Free space in machine '{name}'</source>
        <translation>머신 '{name}'의 공간 확보</translation>
    </message>
    <message>
        <source>Free space …</source>
        <translation>공간 확보 …</translation>
    </message>
    <message>
        <source>Hardware</source>
        <translation>하드웨어</translation>
    </message>
    <message>
        <source>Image without a name, {name}</source>
        <translation>이름 없는 이미지 {name}</translation>
    </message>
    <message>
        <source>Images share layers, so less may become free. What containers and volumes held is kept in the trash for some days and takes its room until then.</source>
        <translation>이미지는 레이어를 공유하므로 실제로 확보되는 공간은 더 적을 수 있습니다. 컨테이너와 볼륨에 있던 데이터는 며칠 동안 휴지통에 보관되며 그동안 공간을 차지합니다.</translation>
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
        <source>Memory of the machine</source>
        <translation>머신의 메모리</translation>
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
        <source>Stopped containers, nameless images and build cache</source>
        <translation>멈춘 컨테이너, 이름 없는 이미지, 빌드 캐시</translation>
    </message>
    <message>
        <source>System</source>
        <translation>시스템</translation>
    </message>
    <message>
        <source>The address is copied; DOCKER_HOST takes it.</source>
        <translation>주소를 복사했습니다. DOCKER_HOST에 쓸 수 있습니다.</translation>
    </message>
    <message>
        <source>The disk took {before} on this computer and takes {after} now.</source>
        <translation>이 컴퓨터에서 디스크가 차지하는 공간이 {before}에서 {after}(으)로 바뀌었습니다.</translation>
    </message>
    <message>
        <source>The machine is {state}.</source>
        <translation>머신 상태: {state}.</translation>
    </message>
    <message>
        <source>This is what nobody uses now. What is listed and ticked is removed.</source>
        <translation>지금 아무도 쓰지 않는 것들입니다. 목록에서 선택한 것만 제거됩니다.</translation>
    </message>
    <message>
        <source>Up to {size} more: linnet machine compact {name} --offline, which stops the machine for a while.</source>
        <translation>최대 {size}을(를) 더 줄일 수 있습니다: linnet machine compact {name} --offline (머신이 잠시 멈춥니다).</translation>
    </message>
    <message>
        <source>Used</source>
        <translation>사용</translation>
    </message>
    <message>
        <source>Volumes that no container uses</source>
        <translation>컨테이너가 쓰지 않는 볼륨</translation>
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
        <source>{n} are still there:</source>
        <translation>{n}개가 남아 있습니다:</translation>
    </message>
    <message>
        <source>{n} is still there:</source>
        <translation>{n}개가 남아 있습니다:</translation>
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
        <source>{n} removed, {size} freed.</source>
        <translation>{n}개를 제거하여 {size}을(를) 확보했습니다.</translation>
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
    <message>
        <source>{used} used of {total}</source>
        <translation>{total} 중 {used} 사용</translation>
    </message>
</context>
</TS>
