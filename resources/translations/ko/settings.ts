<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>linnet</name>
    <message>
        <source>Accelerator</source>
        <translation>가속기</translation>
    </message>
    <message>
        <source>Address of published ports</source>
        <translation>게시된 포트의 주소</translation>
    </message>
    <message>
        <source>Address of this computer on which published ports appear, unless `-p ADDRESS:…` gives another one. 0.0.0.0 opens them to the network.</source>
        <translation>게시된 포트가 열리는 이 컴퓨터의 주소입니다. `-p ADDRESS:…`로 다른 주소를 줄 수 있습니다. 0.0.0.0이면 네트워크에 공개됩니다.</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>자동</translation>
    </message>
    <message>
        <source>Automatic snapshots</source>
        <translation>자동 스냅샷</translation>
    </message>
    <message>
        <source>Back to the default: {value}</source>
        <translation>기본값으로 되돌리기: {value}</translation>
    </message>
    <message>
        <source>Catalogues of published guest images, asked in this order.</source>
        <translation>배포된 게스트 이미지의 카탈로그입니다. 이 순서대로 찾습니다.</translation>
    </message>
    <message>
        <source>Certificates</source>
        <translation>인증서</translation>
    </message>
    <message>
        <source>Change {setting} of '{machine}'</source>
        <translation>'{machine}'의 {setting} 변경</translation>
    </message>
    <message>
        <source>Changing …</source>
        <translation>변경하는 중 …</translation>
    </message>
    <message>
        <source>Container engine: Podman without root, Podman as root, or Docker (Moby). Each keeps its own data.</source>
        <translation>컨테이너 엔진: 루트 권한 없는 Podman, 루트 Podman, 또는 Docker(Moby). 데이터는 엔진마다 따로 보관합니다.</translation>
    </message>
    <message>
        <source>Ctrl+Enter applies it, Esc takes it back.</source>
        <translation>Ctrl+Enter로 적용하고 Esc로 취소합니다.</translation>
    </message>
    <message>
        <source>Days for which removed containers and volumes that held data can be brought back. 0: nothing more is kept, and what is in the trash stays until it is emptied.</source>
        <translation>데이터가 있던 컨테이너와 볼륨을 삭제한 뒤 되돌릴 수 있는 일수입니다. 0이면 더 이상 보관하지 않으며, 휴지통에 있는 것은 비울 때까지 남습니다.</translation>
    </message>
    <message>
        <source>Days in the trash</source>
        <translation>휴지통 보관 일수</translation>
    </message>
    <message>
        <source>Default machine</source>
        <translation>기본 머신</translation>
    </message>
    <message>
        <source>Detail of the log</source>
        <translation>로그의 자세한 정도</translation>
    </message>
    <message>
        <source>Docker (Moby)</source>
        <translation>Docker(Moby)</translation>
    </message>
    <message>
        <source>Enter applies it, Esc takes it back.</source>
        <translation>Enter로 적용하고 Esc로 취소합니다.</translation>
    </message>
    <message>
        <source>Errors alone</source>
        <translation>오류만</translation>
    </message>
    <message>
        <source>Everything</source>
        <translation>모두</translation>
    </message>
    <message>
        <source>Files on this computer with certificates of authorities that the guest trusts as well.</source>
        <translation>게스트도 신뢰할 인증 기관의 인증서가 든 이 컴퓨터의 파일입니다.</translation>
    </message>
    <message>
        <source>HTTP proxy</source>
        <translation>HTTP 프록시</translation>
    </message>
    <message>
        <source>HTTPS proxy</source>
        <translation>HTTPS 프록시</translation>
    </message>
    <message>
        <source>Have the status item there as soon as you log in, without the window.</source>
        <translation>로그인하면 창 없이 상태 아이콘이 바로 나타납니다.</translation>
    </message>
    <message>
        <source>Hosts, domains and addresses that are reached without the proxy.</source>
        <translation>프록시를 거치지 않고 접속할 호스트, 도메인, 주소입니다.</translation>
    </message>
    <message>
        <source>How long nobody may have used the machine before it is suspended to disk, by itself. A container command, a Docker client and `linnet machine start` wake it; a connection to a published port does not.</source>
        <translation>아무도 머신을 쓰지 않은 채 이 시간이 지나면 머신이 저절로 디스크에 일시 중단됩니다. 컨테이너 명령, Docker 클라이언트, `linnet machine start`가 머신을 깨우며, 게시된 포트로의 연결은 깨우지 않습니다.</translation>
    </message>
    <message>
        <source>How many of the snapshots are kept that Linnet takes by itself before an upgrade and before going back to an earlier snapshot. Older ones are deleted; those that you took are not.</source>
        <translation>업그레이드 전과 이전 스냅샷으로 되돌리기 전에 Linnet이 자동으로 찍는 스냅샷을 몇 개까지 보관할지 정합니다. 더 오래된 것은 삭제되며, 직접 찍은 스냅샷은 삭제되지 않습니다.</translation>
    </message>
    <message>
        <source>How much linnetd writes into its log.</source>
        <translation>linnetd가 로그에 얼마나 자세히 기록할지 정합니다.</translation>
    </message>
    <message>
        <source>How much the trash may hold; the oldest goes first. What is larger is not removed unless it need not be kept.</source>
        <translation>휴지통에 보관할 수 있는 크기입니다. 오래된 것부터 사라지며, 이보다 큰 것은 보관하지 않아도 된다고 정한 경우에만 삭제합니다.</translation>
    </message>
    <message>
        <source>How the processor is virtualised. `auto` tries what the computer offers and takes what really works; tcg is emulation, slow but always there.</source>
        <translation>프로세서를 가상화하는 방식입니다. `auto`는 이 컴퓨터가 제공하는 방식을 시험해 실제로 동작하는 것을 씁니다. tcg는 에뮬레이션으로, 느리지만 언제나 쓸 수 있습니다.</translation>
    </message>
    <message>
        <source>Idle with containers</source>
        <translation>컨테이너가 있어도 유휴로 보기</translation>
    </message>
    <message>
        <source>Image catalogues</source>
        <translation>이미지 카탈로그</translation>
    </message>
    <message>
        <source>Linnet</source>
        <translation>Linnet</translation>
    </message>
    <message>
        <source>Machine</source>
        <translation>머신</translation>
    </message>
    <message>
        <source>Machine '{name}'</source>
        <translation>머신 '{name}'</translation>
    </message>
    <message>
        <source>Memory of the machine. What the guest does not use goes back to the host, where the platform can.</source>
        <translation>머신의 메모리입니다. 플랫폼이 지원하면 게스트가 쓰지 않는 메모리는 호스트로 돌아갑니다.</translation>
    </message>
    <message>
        <source>Mirror of guest images</source>
        <translation>게스트 이미지 미러</translation>
    </message>
    <message>
        <source>More folders that the guest sees. Each is a path, or a mapping of `path`, `guest_path` (default: the same; `C:\x` is `/mnt/c/x`), `mode` (read-write or read-only), `kind` (auto, virtiofs, 9p or sftp) and `watch` (whether file watchers in the guest learn of changes on the host; default true).</source>
        <translation>게스트에 더 보여 줄 폴더입니다. 각 항목은 경로이거나 `path`, `guest_path`(기본값: 같은 경로, `C:\x`는 `/mnt/c/x`), `mode`(read-write 또는 read-only), `kind`(auto, virtiofs, 9p, sftp), `watch`(호스트의 변경을 게스트의 파일 감시 프로그램에 알릴지 여부, 기본값 true)의 매핑입니다.</translation>
    </message>
    <message>
        <source>No setting is called like that</source>
        <translation>그런 설정이 없습니다</translation>
    </message>
    <message>
        <source>Podman without root</source>
        <translation>루트 권한 없는 Podman</translation>
    </message>
    <message>
        <source>Port on 127.0.0.1 that leads to the guest's SSH server; 0 takes a free one.</source>
        <translation>게스트의 SSH 서버로 이어지는 127.0.0.1의 포트입니다. 0이면 비어 있는 포트를 씁니다.</translation>
    </message>
    <message>
        <source>Ports of plain services</source>
        <translation>일반 서비스의 포트</translation>
    </message>
    <message>
        <source>Processors of the machine.</source>
        <translation>머신의 프로세서 수입니다.</translation>
    </message>
    <message>
        <source>Program of virtiofs</source>
        <translation>virtiofs 프로그램</translation>
    </message>
    <message>
        <source>Proxy for HTTPS.</source>
        <translation>HTTPS용 프록시입니다.</translation>
    </message>
    <message>
        <source>Proxy for plain HTTP, used by the engine to pull and handed to builds.</source>
        <translation>일반 HTTP용 프록시입니다. 엔진이 이미지를 받을 때 쓰고 빌드에도 전달합니다.</translation>
    </message>
    <message>
        <source>Registries that may be used over plain HTTP or with a certificate that nobody vouches for.</source>
        <translation>일반 HTTP나 보증되지 않은 인증서로 접속해도 되는 레지스트리입니다.</translation>
    </message>
    <message>
        <source>Registry mirrors</source>
        <translation>레지스트리 미러</translation>
    </message>
    <message>
        <source>Search in settings</source>
        <translation>설정에서 찾기</translation>
    </message>
    <message>
        <source>Shared to read</source>
        <translation>읽기만 공유</translation>
    </message>
    <message>
        <source>Shared to read and write</source>
        <translation>읽기와 쓰기로 공유</translation>
    </message>
    <message>
        <source>Show all settings</source>
        <translation>모든 설정 보기</translation>
    </message>
    <message>
        <source>Size of the data disk: images, containers, volumes. It takes only the space in use, and can only grow.</source>
        <translation>이미지, 컨테이너, 볼륨이 담기는 데이터 디스크의 크기입니다. 실제로 쓰는 만큼만 공간을 차지하며, 늘릴 수만 있습니다.</translation>
    </message>
    <message>
        <source>Size of the trash</source>
        <translation>휴지통 크기</translation>
    </message>
    <message>
        <source>Start at login</source>
        <translation>로그인할 때 시작</translation>
    </message>
    <message>
        <source>Start with Linnet's service</source>
        <translation>Linnet 서비스와 함께 시작</translation>
    </message>
    <message>
        <source>Suspend when idle</source>
        <translation>유휴 시 일시 중단</translation>
    </message>
    <message>
        <source>The containers that run now are stopped. Images, containers and volumes of the engine in use stay with it, and are there again when you switch back; the other one has its own.</source>
        <translation>지금 실행 중인 컨테이너는 중지됩니다. 사용 중인 엔진의 이미지, 컨테이너, 볼륨은 그 엔진에 남아 있으며 다시 전환하면 그대로 나타납니다. 다른 엔진은 자기 것을 따로 가집니다.</translation>
    </message>
    <message>
        <source>The machine that commands mean when none is named with -m or LINNET_MACHINE.</source>
        <translation>-m이나 LINNET_MACHINE으로 지정하지 않았을 때 명령이 쓰는 머신입니다.</translation>
    </message>
    <message>
        <source>The search looks at names, titles and descriptions.</source>
        <translation>이름, 제목, 설명에서 찾습니다.</translation>
    </message>
    <message>
        <source>The virtiofsd program, with arguments if it needs some, quoted as in a shell. Empty: the installed one.</source>
        <translation>virtiofsd 프로그램입니다. 필요하면 인수를 셸처럼 따옴표로 묶어 함께 적습니다. 비워 두면 설치된 것을 씁니다.</translation>
    </message>
    <message>
        <source>There is no machine yet; its settings are shown here once there is one.</source>
        <translation>아직 머신이 없습니다. 머신이 생기면 그 설정이 여기에 나타납니다.</translation>
    </message>
    <message>
        <source>This window</source>
        <translation>이 창</translation>
    </message>
    <message>
        <source>Undo the last change of a setting</source>
        <translation>마지막 설정 변경 취소</translation>
    </message>
    <message>
        <source>Undo the last change of a setting (Ctrl+Z)</source>
        <translation>마지막 설정 변경 취소(Ctrl+Z)</translation>
    </message>
    <message>
        <source>Version of the guest image, or `latest`: the newest one on this computer.</source>
        <translation>게스트 이미지의 버전입니다. `latest`는 이 컴퓨터에 있는 가장 새로운 이미지입니다.</translation>
    </message>
    <message>
        <source>Wait for a restart of '{name}': {settings}.</source>
        <translation>'{name}'을(를) 재시작해야 적용됩니다: {settings}.</translation>
    </message>
    <message>
        <source>Warnings and errors</source>
        <translation>경고와 오류</translation>
    </message>
    <message>
        <source>What happens</source>
        <translation>일어나는 일</translation>
    </message>
    <message>
        <source>What runs the machine: libvirt, or QEMU started directly.</source>
        <translation>머신을 실행하는 방법: libvirt 또는 직접 실행한 QEMU.</translation>
    </message>
    <message>
        <source>Where images of a registry are pulled from instead: registry name to URL.</source>
        <translation>레지스트리 대신 이미지를 받아 올 곳입니다. 레지스트리 이름과 URL을 짝지어 적습니다.</translation>
    </message>
    <message>
        <source>Where the files of guest images are downloaded from instead of where the catalogue says.</source>
        <translation>카탈로그에 적힌 곳 대신 게스트 이미지 파일을 내려받을 곳입니다.</translation>
    </message>
    <message>
        <source>Whether a machine in which containers run may be idle, when they use next to no processor time and nobody is connected to their ports.</source>
        <translation>컨테이너가 실행 중이어도 프로세서를 거의 쓰지 않고 포트에 아무도 연결되어 있지 않으면 머신을 유휴 상태로 볼지 여부입니다.</translation>
    </message>
    <message>
        <source>Whether ports of plain services in the guest (not published by a container) are forwarded as well.</source>
        <translation>컨테이너가 게시하지 않은 게스트의 일반 서비스 포트도 전달할지 정합니다.</translation>
    </message>
    <message>
        <source>Whether the guest sees your home folder, under the same path.</source>
        <translation>게스트에서 홈 폴더를 같은 경로로 볼 수 있게 할지 정합니다.</translation>
    </message>
    <message>
        <source>Whether the machine starts together with linnetd, the host service.</source>
        <translation>호스트 서비스인 linnetd와 함께 머신을 시작할지 정합니다.</translation>
    </message>
    <message>
        <source>Without proxy</source>
        <translation>프록시를 쓰지 않을 곳</translation>
    </message>
    <message>
        <source>a quarter of the computer's, 2GiB to 8GiB</source>
        <translation>컴퓨터의 4분의 1, 2GiB~8GiB</translation>
    </message>
    <message>
        <source>half of the computer's</source>
        <translation>컴퓨터의 절반</translation>
    </message>
    <message>
        <source>line {number}: </source>
        <translation>{number}번째 줄: </translation>
    </message>
    <message>
        <source>needs a restart</source>
        <translation>재시작 필요</translation>
    </message>
    <message>
        <source>off</source>
        <translation>꺼짐</translation>
    </message>
    <message>
        <source>on</source>
        <translation>켜짐</translation>
    </message>
    <message>
        <source>tcg (emulation)</source>
        <translation>tcg(에뮬레이션)</translation>
    </message>
    <message>
        <source>waits for a restart</source>
        <translation>재시작 대기 중</translation>
    </message>
    <message>
        <source>{setting} is as it was.</source>
        <translation>{setting} 설정을 되돌렸습니다.</translation>
    </message>
    <message>
        <source>{setting} was changed.</source>
        <translation>{setting} 설정을 바꿨습니다.</translation>
    </message>
</context>
</TS>
