<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>linnet</name>
    <message>
        <source>Add a mirror</source>
        <translation>미러 추가</translation>
    </message>
    <message>
        <source>Add a mirror …</source>
        <translation>미러 추가 …</translation>
    </message>
    <message>
        <source>Add a registry …</source>
        <translation>레지스트리 추가 …</translation>
    </message>
    <message>
        <source>Add an insecure registry</source>
        <translation>안전하지 않은 레지스트리 추가</translation>
    </message>
    <message>
        <source>Address of the mirror</source>
        <translation>미러 주소</translation>
    </message>
    <message>
        <source>Asking the registry …</source>
        <translation>레지스트리에 묻는 중 …</translation>
    </message>
    <message>
        <source>Change the registries of '{name}'</source>
        <translation>'{name}'의 레지스트리 설정 변경</translation>
    </message>
    <message>
        <source>Change …</source>
        <translation>변경 …</translation>
    </message>
    <message>
        <source>Every registry has to prove who it is.</source>
        <translation>모든 레지스트리가 신원을 증명해야 합니다.</translation>
    </message>
    <message>
        <source>Every registry is asked itself.</source>
        <translation>모든 레지스트리에 직접 접속합니다.</translation>
    </message>
    <message>
        <source>It is kept in the keychain of this computer.</source>
        <translation>이 컴퓨터의 키체인에 보관합니다.</translation>
    </message>
    <message>
        <source>Its containers are stopped. Those with a restart policy start again with it.</source>
        <translation>컨테이너가 중지됩니다. 재시작 정책이 있는 컨테이너는 머신과 함께 다시 시작됩니다.</translation>
    </message>
    <message>
        <source>Its name and port. What comes from it can be read and changed on the way.</source>
        <translation>이름과 포트입니다. 주고받는 내용을 남이 엿보거나 바꿀 수 있습니다.</translation>
    </message>
    <message>
        <source>Keep it untried</source>
        <translation>확인하지 않고 보관</translation>
    </message>
    <message>
        <source>Log in</source>
        <translation>로그인</translation>
    </message>
    <message>
        <source>Log in to a registry</source>
        <translation>레지스트리에 로그인</translation>
    </message>
    <message>
        <source>Log in …</source>
        <translation>로그인 …</translation>
    </message>
    <message>
        <source>Log out</source>
        <translation>로그아웃</translation>
    </message>
    <message>
        <source>Log out of {registry}?</source>
        <translation>{registry}에서 로그아웃할까요?</translation>
    </message>
    <message>
        <source>Log out …</source>
        <translation>로그아웃 …</translation>
    </message>
    <message>
        <source>Log-ins</source>
        <translation>로그인</translation>
    </message>
    <message>
        <source>Mirror of a registry</source>
        <translation>레지스트리의 미러</translation>
    </message>
    <message>
        <source>Mirrors</source>
        <translation>미러</translation>
    </message>
    <message>
        <source>Password or token</source>
        <translation>비밀번호 또는 토큰</translation>
    </message>
    <message>
        <source>Passwords are kept in the keychain of this computer.</source>
        <translation>비밀번호는 이 컴퓨터의 키체인에 보관합니다.</translation>
    </message>
    <message>
        <source>Registries that the machine uses over plain HTTP, or with a certificate that nobody vouches for.</source>
        <translation>머신이 일반 HTTP로, 또는 보증되지 않은 인증서로 접속하는 레지스트리입니다.</translation>
    </message>
    <message>
        <source>Registry</source>
        <translation>레지스트리</translation>
    </message>
    <message>
        <source>Saved. It takes effect when the machine starts the next time.</source>
        <translation>저장했습니다. 머신을 다음에 시작할 때 적용됩니다.</translation>
    </message>
    <message>
        <source>Test</source>
        <translation>확인</translation>
    </message>
    <message>
        <source>The keychain has no log-in for {registry} any more.</source>
        <translation>키체인에 {registry} 로그인이 더는 없습니다.</translation>
    </message>
    <message>
        <source>The password is forgotten; images that were pulled stay.</source>
        <translation>비밀번호를 지웁니다. 받아 둔 이미지는 남습니다.</translation>
    </message>
    <message>
        <source>There is no keychain on this computer that can keep it: it lasts until Linnet is quit.</source>
        <translation>이 컴퓨터에는 보관할 키체인이 없어 Linnet을 종료할 때까지만 유지됩니다.</translation>
    </message>
    <message>
        <source>There is no keychain on this computer that can keep passwords: log-ins last until Linnet is quit.</source>
        <translation>이 컴퓨터에는 비밀번호를 보관할 키체인이 없어 로그인은 Linnet을 종료할 때까지만 유지됩니다.</translation>
    </message>
    <message>
        <source>There is no machine yet; these belong to one.</source>
        <translation>아직 머신이 없습니다. 이 설정은 머신마다 따로 있습니다.</translation>
    </message>
    <message>
        <source>This registry is in the list already.</source>
        <translation>이미 목록에 있는 레지스트리입니다.</translation>
    </message>
    <message>
        <source>What was changed here takes effect when the machine starts the next time.</source>
        <translation>여기서 바꾼 설정은 머신을 다음에 시작할 때 적용됩니다.</translation>
    </message>
    <message>
        <source>Where the machine pulls images of a registry from instead.</source>
        <translation>머신이 레지스트리 대신 이미지를 받아 올 곳입니다.</translation>
    </message>
    <message>
        <source>Write an address that begins with https:// or http://.</source>
        <translation>https:// 또는 http://로 시작하는 주소를 적으세요.</translation>
    </message>
    <message>
        <source>Write only its name and port, such as registry.example:5000.</source>
        <translation>registry.example:5000처럼 이름과 포트만 적으세요.</translation>
    </message>
    <message>
        <source>You are logged in to {registry}.</source>
        <translation>{registry}에 로그인했습니다.</translation>
    </message>
    <message>
        <source>You are not logged in anywhere. Public images can be pulled without a log-in.</source>
        <translation>로그인한 곳이 없습니다. 공개 이미지는 로그인하지 않아도 받을 수 있습니다.</translation>
    </message>
    <message>
        <source>{action}: {what}</source>
        <translation>{action}: {what}</translation>
    </message>
    <message>
        <source>{registry} takes the log-in.</source>
        <translation>{registry} 로그인이 유효합니다.</translation>
    </message>
</context>
</TS>
