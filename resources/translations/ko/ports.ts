<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>linnet</name>
    <message>
        <source>A service in the machine</source>
        <translation>머신의 서비스</translation>
    </message>
    <message>
        <source>Copied: {what}</source>
        <translation>복사했습니다: {what}</translation>
    </message>
    <message>
        <source>Copy address</source>
        <translation>주소 복사</translation>
    </message>
    <message>
        <source>End that program, or publish the container at another port.</source>
        <translation>그 프로그램을 끝내거나, 컨테이너를 다른 포트로 게시하세요.</translation>
    </message>
    <message>
        <source>Forwarded by the machine's virtual network card.</source>
        <translation>머신의 가상 네트워크 카드가 전달합니다.</translation>
    </message>
    <message>
        <source>Go to containers</source>
        <translation>컨테이너로 이동</translation>
    </message>
    <message>
        <source>Here</source>
        <translation>이 컴퓨터</translation>
    </message>
    <message>
        <source>No answer</source>
        <translation>응답 없음</translation>
    </message>
    <message>
        <source>No port is open</source>
        <translation>열린 포트가 없습니다</translation>
    </message>
    <message>
        <source>Not open</source>
        <translation>열리지 않음</translation>
    </message>
    <message>
        <source>Of containers</source>
        <translation>컨테이너의 포트</translation>
    </message>
    <message>
        <source>Only this computer reaches it.</source>
        <translation>이 컴퓨터에서만 접근할 수 있습니다.</translation>
    </message>
    <message>
        <source>Open in browser</source>
        <translation>브라우저에서 열기</translation>
    </message>
    <message>
        <source>Open {url} in the browser</source>
        <translation>브라우저에서 {url} 열기</translation>
    </message>
    <message>
        <source>Other computers in your network reach it too.</source>
        <translation>같은 네트워크의 다른 컴퓨터에서도 접근할 수 있습니다.</translation>
    </message>
    <message>
        <source>Problem</source>
        <translation>문제</translation>
    </message>
    <message>
        <source>Publish one when you run a container: `linnet run -p 8080:80 …` opens port 8080 here.</source>
        <translation>컨테이너를 실행할 때 게시하세요. `linnet run -p 8080:80 …`은 여기에 8080 포트를 엽니다.</translation>
    </message>
    <message>
        <source>Reachable</source>
        <translation>접근 가능</translation>
    </message>
    <message>
        <source>Somebody answers.</source>
        <translation>응답이 있습니다.</translation>
    </message>
    <message>
        <source>The port is open here, but nobody answers behind it yet.</source>
        <translation>여기에 포트는 열려 있지만, 아직 응답하는 것이 없습니다.</translation>
    </message>
    <message>
        <source>Through a relay in the machine.</source>
        <translation>머신 안의 중계를 거칩니다.</translation>
    </message>
    <message>
        <source>Through the machine's SSH connection.</source>
        <translation>머신의 SSH 연결을 거칩니다.</translation>
    </message>
    <message>
        <source>Try all ports again</source>
        <translation>모든 포트 다시 확인</translation>
    </message>
    <message>
        <source>Way</source>
        <translation>경로</translation>
    </message>
    <message>
        <source>Whether somebody answers was not tried.</source>
        <translation>응답이 있는지 확인하지 않았습니다.</translation>
    </message>
    <message>
        <source>Which ports</source>
        <translation>표시할 포트</translation>
    </message>
    <message>
        <source>With problems</source>
        <translation>문제 있음</translation>
    </message>
    <message>
        <source>directly</source>
        <translation>직접</translation>
    </message>
    <message>
        <source>relay</source>
        <translation>중계</translation>
    </message>
    <message>
        <source>tunnel</source>
        <translation>터널</translation>
    </message>
    <message>
        <source>{here} leads to {there}</source>
        <translation>{here} → {there}</translation>
    </message>
</context>
</TS>
