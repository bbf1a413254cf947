<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>linnet</name>
    <message>
        <source>All containers</source>
        <translation>모든 컨테이너</translation>
    </message>
    <message>
        <source>All projects</source>
        <translation>모든 프로젝트</translation>
    </message>
    <message>
        <source>{n} container is not followed</source>
        <translation>컨테이너 {n}개는 따라가지 않습니다</translation>
    </message>
    <message>
        <source>{n} containers are not followed</source>
        <translation>컨테이너 {n}개는 따라가지 않습니다</translation>
    </message>
</context>
</TS>
