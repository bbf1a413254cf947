<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>linnet</name>
    <message>
        <source>A pod is a group of containers that share a network. Play a Kubernetes file to make one.</source>
        <translation>Pod는 네트워크를 함께 쓰는 컨테이너 묶음입니다. Kubernetes 파일을 실행해 만드세요.</translation>
    </message>
    <message>
        <source>Containers of the pod</source>
        <translation>Pod의 컨테이너</translation>
    </message>
    <message>
        <source>Go to machines</source>
        <translation>머신으로 이동</translation>
    </message>
    <message>
        <source>Its containers are removed too, running ones are killed; what they wrote outside of volumes is lost.</source>
        <translation>컨테이너도 삭제하고, 실행 중인 것은 강제로 끝냅니다. 볼륨 밖에 쓴 내용은 사라집니다.</translation>
    </message>
    <message>
        <source>Kubernetes YAML</source>
        <translation>Kubernetes YAML</translation>
    </message>
    <message>
        <source>Kubernetes YAML of '{name}'</source>
        <translation>'{name}'의 Kubernetes YAML</translation>
    </message>
    <message>
        <source>Kubernetes YAML …</source>
        <translation>Kubernetes YAML …</translation>
    </message>
    <message>
        <source>Kubernetes files</source>
        <translation>Kubernetes 파일</translation>
    </message>
    <message>
        <source>Open file</source>
        <translation>파일 열기</translation>
    </message>
    <message>
        <source>Open file …</source>
        <translation>파일 열기 …</translation>
    </message>
    <message>
        <source>Play</source>
        <translation>실행</translation>
    </message>
    <message>
        <source>Play Kubernetes YAML</source>
        <translation>Kubernetes YAML 실행</translation>
    </message>
    <message>
        <source>Play YAML …</source>
        <translation>YAML 실행 …</translation>
    </message>
    <message>
        <source>Podman pulls and starts what the file names</source>
        <translation>Podman이 파일에 적힌 것을 받아서 시작하는 중</translation>
    </message>
    <message>
        <source>Pods are Podman's</source>
        <translation>Pod는 Podman의 기능입니다</translation>
    </message>
    <message>
        <source>Pods, deployments, volumes and config maps of Kubernetes become containers here.</source>
        <translation>Kubernetes의 Pod, 디플로이먼트, 볼륨, 컨피그맵이 여기서 컨테이너가 됩니다.</translation>
    </message>
    <message>
        <source>Remove pod</source>
        <translation>Pod 삭제</translation>
    </message>
    <message>
        <source>Remove pod '{name}'</source>
        <translation>Pod '{name}' 삭제</translation>
    </message>
    <message>
        <source>Remove pod '{name}'?</source>
        <translation>Pod '{name}'을(를) 삭제할까요?</translation>
    </message>
    <message>
        <source>Remove pods</source>
        <translation>Pod 삭제</translation>
    </message>
    <message>
        <source>Remove {n} pod?</source>
        <translation>Pod {n}개를 삭제할까요?</translation>
    </message>
    <message>
        <source>Remove {n} pods?</source>
        <translation>Pod {n}개를 삭제할까요?</translation>
    </message>
    <message>
        <source>Replace pods of the same name; what their containers wrote is lost</source>
        <translation>같은 이름의 Pod를 바꿈. 컨테이너가 쓴 내용은 사라집니다</translation>
    </message>
    <message>
        <source>Restart pod '{name}'</source>
        <translation>Pod '{name}' 재시작</translation>
    </message>
    <message>
        <source>Save Kubernetes YAML</source>
        <translation>Kubernetes YAML 저장</translation>
    </message>
    <message>
        <source>Some run</source>
        <translation>일부 실행 중</translation>
    </message>
    <message>
        <source>Start pod '{name}'</source>
        <translation>Pod '{name}' 시작</translation>
    </message>
    <message>
        <source>Stop pod '{name}'</source>
        <translation>Pod '{name}' 중지</translation>
    </message>
    <message>
        <source>There are no pods</source>
        <translation>Pod가 없습니다</translation>
    </message>
    <message>
        <source>This machine runs Moby, which has none. Podman can be chosen as its engine; each engine keeps its own containers and images.</source>
        <translation>이 머신은 Pod가 없는 Moby를 사용합니다. 엔진을 Podman으로 바꿀 수 있습니다. 컨테이너와 이미지는 엔진마다 따로 보관됩니다.</translation>
    </message>
    <message>
        <source>With a service for its ports</source>
        <translation>포트용 서비스 포함</translation>
    </message>
    <message>
        <source>{n} pod runs.</source>
        <translation>Pod {n}개가 실행 중입니다.</translation>
    </message>
    <message>
        <source>{n} pods run.</source>
        <translation>Pod {n}개가 실행 중입니다.</translation>
    </message>
</context>
</TS>
