<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>linnet</name>
    <message>
        <source>'{text}' is no address range; write it like 10.40.0.0/24.</source>
        <translation>'{text}'은(는) 주소 범위가 아닙니다. 10.40.0.0/24처럼 쓰세요.</translation>
    </message>
    <message>
        <source>'{text}' is no address.</source>
        <translation>'{text}'은(는) 주소가 아닙니다.</translation>
    </message>
    <message>
        <source>A gateway needs an address range.</source>
        <translation>게이트웨이를 정하려면 주소 범위가 필요합니다.</translation>
    </message>
    <message>
        <source>About the network</source>
        <translation>네트워크 정보</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>주소</translation>
    </message>
    <message>
        <source>Address range</source>
        <translation>주소 범위</translation>
    </message>
    <message>
        <source>All containers are in it already.</source>
        <translation>모든 컨테이너가 이미 들어 있습니다.</translation>
    </message>
    <message>
        <source>Connect</source>
        <translation>연결</translation>
    </message>
    <message>
        <source>Connect a container to '{network}'</source>
        <translation>컨테이너를 '{network}'에 연결</translation>
    </message>
    <message>
        <source>Connect container …</source>
        <translation>컨테이너 연결 …</translation>
    </message>
    <message>
        <source>Containers in one network reach each other by name.</source>
        <translation>같은 네트워크의 컨테이너는 이름으로 서로 찾을 수 있습니다.</translation>
    </message>
    <message>
        <source>Containers in the network</source>
        <translation>네트워크의 컨테이너</translation>
    </message>
    <message>
        <source>Copy who talks to whom as text</source>
        <translation>연결 관계를 글로 복사</translation>
    </message>
    <message>
        <source>Create network</source>
        <translation>네트워크 만들기</translation>
    </message>
    <message>
        <source>Disconnect</source>
        <translation>연결 끊기</translation>
    </message>
    <message>
        <source>Disconnect '{name}' from '{network}'?</source>
        <translation>'{network}'에서 '{name}'의 연결을 끊을까요?</translation>
    </message>
    <message>
        <source>Disconnect …</source>
        <translation>연결 끊기 …</translation>
    </message>
    <message>
        <source>Every network is in use.</source>
        <translation>모든 네트워크가 사용 중입니다.</translation>
    </message>
    <message>
        <source>Gateway</source>
        <translation>게이트웨이</translation>
    </message>
    <message>
        <source>IPv6 addresses too</source>
        <translation>IPv6 주소도 사용</translation>
    </message>
    <message>
        <source>In {network}: {names}.</source>
        <translation>{network}: {names}.</translation>
    </message>
    <message>
        <source>Internal</source>
        <translation>내부</translation>
    </message>
    <message>
        <source>Internal: no way out to the internet</source>
        <translation>내부: 인터넷으로 나갈 수 없음</translation>
    </message>
    <message>
        <source>Internet</source>
        <translation>인터넷</translation>
    </message>
    <message>
        <source>It has no way out to the internet.</source>
        <translation>인터넷으로 나갈 수 없습니다.</translation>
    </message>
    <message>
        <source>Its containers have no way out to the internet.</source>
        <translation>이 네트워크의 컨테이너는 인터넷으로 나갈 수 없습니다.</translation>
    </message>
    <message>
        <source>Its open connections in this network break, and the others there do not find it any more.</source>
        <translation>이 네트워크에서 열린 연결이 끊기고, 다른 컨테이너가 더는 찾지 못합니다.</translation>
    </message>
    <message>
        <source>Made by the engine; it cannot be removed.</source>
        <translation>엔진이 만든 것이라 삭제할 수 없습니다.</translation>
    </message>
    <message>
        <source>Network '{name}' is created.</source>
        <translation>네트워크 '{name}'을(를) 만들었습니다.</translation>
    </message>
    <message>
        <source>No container is in these networks. Compose makes its own again when it needs them.</source>
        <translation>이 네트워크에는 컨테이너가 없습니다. Compose는 필요하면 자기 네트워크를 다시 만듭니다.</translation>
    </message>
    <message>
        <source>No container is in this network.</source>
        <translation>이 네트워크에는 컨테이너가 없습니다.</translation>
    </message>
    <message>
        <source>Nobody is in {network}.</source>
        <translation>{network}에는 아무것도 없습니다.</translation>
    </message>
    <message>
        <source>Nothing uses it.</source>
        <translation>사용하는 것이 없습니다.</translation>
    </message>
    <message>
        <source>Nothing uses them.</source>
        <translation>사용하는 것이 없습니다.</translation>
    </message>
    <message>
        <source>Nowhere</source>
        <translation>없음</translation>
    </message>
    <message>
        <source>Other names</source>
        <translation>다른 이름</translation>
    </message>
    <message>
        <source>Other names in this network</source>
        <translation>이 네트워크에서 쓸 다른 이름</translation>
    </message>
    <message>
        <source>Picture of the networks</source>
        <translation>네트워크 그림</translation>
    </message>
    <message>
        <source>Picture of who talks to whom</source>
        <translation>연결 관계 그림</translation>
    </message>
    <message>
        <source>Podman cannot connect it: it was started without a network. Run it anew with --network {name}.</source>
        <translation>Podman이 연결할 수 없습니다. 네트워크 없이 시작한 컨테이너입니다. --network {name} 옵션으로 다시 실행하세요.</translation>
    </message>
    <message>
        <source>Point at a container, or go there by arrow keys: what it can talk to stands out.</source>
        <translation>컨테이너를 가리키거나 화살표 키로 옮겨 가면, 통신할 수 있는 상대가 두드러집니다.</translation>
    </message>
    <message>
        <source>Reach</source>
        <translation>도달 범위</translation>
    </message>
    <message>
        <source>Remove network</source>
        <translation>네트워크 삭제</translation>
    </message>
    <message>
        <source>Remove network '{name}'?</source>
        <translation>네트워크 '{name}'을(를) 삭제할까요?</translation>
    </message>
    <message>
        <source>Remove unused networks …</source>
        <translation>쓰지 않는 네트워크 삭제 …</translation>
    </message>
    <message>
        <source>Remove {n} network?</source>
        <translation>네트워크 {n}개를 삭제할까요?</translation>
    </message>
    <message>
        <source>Remove {n} networks?</source>
        <translation>네트워크 {n}개를 삭제할까요?</translation>
    </message>
    <message>
        <source>Remove {n} unused network?</source>
        <translation>쓰지 않는 네트워크 {n}개를 삭제할까요?</translation>
    </message>
    <message>
        <source>Remove {n} unused networks?</source>
        <translation>쓰지 않는 네트워크 {n}개를 삭제할까요?</translation>
    </message>
    <message>
        <source>The engine keeps a network that containers are in; disconnect or remove them first.</source>
        <translation>컨테이너가 들어 있는 네트워크는 엔진이 지우지 않습니다. 먼저 연결을 끊거나 컨테이너를 삭제하세요.</translation>
    </message>
    <message>
        <source>The gateway is not in the address range.</source>
        <translation>게이트웨이가 주소 범위 안에 있지 않습니다.</translation>
    </message>
    <message>
        <source>The network '{name}' has addresses of that range: {range}.</source>
        <translation>네트워크 '{name}'이(가) 그 범위의 주소를 쓰고 있습니다: {range}.</translation>
    </message>
    <message>
        <source>There are no networks</source>
        <translation>네트워크가 없습니다</translation>
    </message>
    <message>
        <source>There is a network '{name}' already.</source>
        <translation>네트워크 '{name}'이(가) 이미 있습니다.</translation>
    </message>
    <message>
        <source>Without a network</source>
        <translation>네트워크 없음</translation>
    </message>
    <message>
        <source>bridge: a network of its own in the machine</source>
        <translation>bridge: 머신 안의 독립된 네트워크</translation>
    </message>
    <message>
        <source>chosen by the engine</source>
        <translation>엔진이 정함</translation>
    </message>
    <message>
        <source>chosen by the engine; for example 10.40.0.0/24</source>
        <translation>엔진이 정함. 예: 10.40.0.0/24</translation>
    </message>
    <message>
        <source>for example: db, database</source>
        <translation>예: db, database</translation>
    </message>
    <message>
        <source>internal</source>
        <translation>내부</translation>
    </message>
    <message>
        <source>ipvlan: containers share the machine's hardware address</source>
        <translation>ipvlan: 컨테이너가 머신의 하드웨어 주소를 함께 씀</translation>
    </message>
    <message>
        <source>macvlan: containers have hardware addresses of their own</source>
        <translation>macvlan: 컨테이너마다 하드웨어 주소를 가짐</translation>
    </message>
    <message>
        <source>no containers</source>
        <translation>컨테이너 없음</translation>
    </message>
    <message>
        <source>reached by published ports</source>
        <translation>게시한 포트로 접근</translation>
    </message>
    <message>
        <source>see below</source>
        <translation>아래 참고</translation>
    </message>
    <message>
        <source>the first address of the range</source>
        <translation>범위의 첫 주소</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>예</translation>
    </message>
    <message>
        <source>yes: no way out to the internet</source>
        <translation>예: 인터넷으로 나갈 수 없음</translation>
    </message>
    <message>
        <source>{names} and {n} more</source>
        <translation>{names} 외 {n}개</translation>
    </message>
    <message>
        <source>{name} is in no network: it reaches out, and is reached by its published ports.</source>
        <translation>{name}: 네트워크에 들어 있지 않습니다. 밖으로 나갈 수 있고, 게시한 포트로 접근할 수 있습니다.</translation>
    </message>
    <message>
        <source>{name} is in {network}</source>
        <translation>{name}: {network}에 있음</translation>
    </message>
    <message>
        <source>{name}, in {networks}, can talk to {names}.</source>
        <translation>{name}({networks}): {names}와(과) 통신할 수 있습니다.</translation>
    </message>
    <message>
        <source>{name}, in {networks}, is alone there.</source>
        <translation>{name}({networks}): 혼자 있습니다.</translation>
    </message>
    <message>
        <source>{n} container is in no network.</source>
        <translation>컨테이너 {n}개가 네트워크에 들어 있지 않습니다.</translation>
    </message>
    <message>
        <source>{n} containers are in no network.</source>
        <translation>컨테이너 {n}개가 네트워크에 들어 있지 않습니다.</translation>
    </message>
    <message>
        <source>{n} more</source>
        <translation>{n}개 더</translation>
    </message>
</context>
</TS>
