<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>linnet</name>
    <message>
        <source>Clear finished</source>
        <translation>끝난 작업 지우기</translation>
    </message>
    <message>
        <source>Nothing is going on</source>
        <translation>진행 중인 작업이 없습니다</translation>
    </message>
    <message>
        <source>Pulls, builds and other long work appear here.</source>
        <translation>가져오기, 빌드 등 오래 걸리는 작업이 여기에 표시됩니다.</translation>
    </message>
    <message>
        <source>cancelled after {time}</source>
        <translation>{time} 만에 취소됨</translation>
    </message>
    <message>
        <source>done, took {time}</source>
        <translation>{time} 만에 끝남</translation>
    </message>
</context>
</TS>
