<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
<context>
    <name>linnet</name>
    <message>
        <source>A support bundle (Troubleshoot) holds what is needed to find out.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close message</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Command</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Commands</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Connecting to Linnet's service …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Connecting …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Containers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Containers run in a small Linux machine. Make one; it takes a minute.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Dark</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Dashboard</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Details</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Font size of terminals and logs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go to {page}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Images</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In points; 0 is the system's.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its containers, images and volumes are kept.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep the status item when the window is closed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Language</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Light</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Light or dark.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lines kept of a log</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Linnet goes on in the menu bar or tray. Machines go on either way.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Linnet's service is gone</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Linnet's service is gone; trying to reach it …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Loading …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Logs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Machine '{name}' cannot be used</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Machine '{name}' is being suspended …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Machine '{name}' is resuming …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Machine '{name}' is starting …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Machine '{name}' is stopped</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Machine '{name}' is stopping …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Machine '{name}' is suspended</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Machine in view</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Machines</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Networks</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing matches</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Notifications</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Older lines are let go of.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Others</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pods</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ports</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Projects</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quit Linnet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Registries</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Restart machine '{name}'</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Resume</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Running: {what}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Say when long work has ended or a machine fails.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search {what}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Set up Linnet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Set up Linnet …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show all</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show only the status item at the start.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Something went wrong in Linnet itself. The window goes on.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start hidden</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start machine '{name}'</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop machine '{name}'</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Suspend machine '{name}'</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tasks</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The language of the window.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The system's</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no machine yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This list cannot be shown</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Troubleshoot</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Try again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Trying to reach it …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Volumes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Waiting for the engine of machine '{name}' …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What do you want to do?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What will be lost</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>broken</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>has a problem</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>resuming</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>running</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>starting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>stopped</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>stopping</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>suspended</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>suspending</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{n} task</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{n} tasks</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{shown} of {total}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
</TS>
