"""`linnet completion`: prints the script by which a shell completes linnet's command line.

The scripts are small: they ask `linnet __complete WORD… CURRENT`, which prints a candidate per line, with a tab and a
description behind it where there is one; the line `:file` means that a file name fits as well.
"""

from __future__ import annotations

from typing import Annotated

from app.cli import output
from app.cli.command import Argument, command
from app.cli.session import Session

BASH = """\
# bash completion of linnet; use it by: source <(linnet completion bash)
_linnet() {
    local current="${COMP_WORDS[COMP_CWORD]}" line
    COMPREPLY=()
    while IFS= read -r line; do
        if [[ $line == ":file" ]]; then
            compopt -o filenames 2>/dev/null
            while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "$current")
        elif [[ ${line%%$'\\t'*} == "$current"* ]]; then
            COMPREPLY+=("${line%%$'\\t'*}")
        fi
    done < <(linnet __complete "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -F _linnet linnet
"""

ZSH = """\
#compdef linnet
# zsh completion of linnet; use it by: source <(linnet completion zsh)
_linnet() {
    local -a words_here described
    local line files=
    words_here=("${(@)words[2,CURRENT]}")
    while IFS= read -r line; do
        if [[ $line == ":file" ]]; then
            files=1
        elif [[ $line == *$'\\t'* ]]; then
            described+=("${${line%%$'\\t'*}//:/\\\\:}:${line#*$'\\t'}")
        else
            described+=("${line//:/\\\\:}")
        fi
    done < <(linnet __complete "${words_here[@]}" 2>/dev/null)
    (( ${#described} )) && _describe -t linnet linnet described
    [[ -n $files ]] && _files
    return 0
}
if [[ ${funcstack[1]} == _linnet ]]; then
    _linnet "$@"
else
    compdef _linnet linnet
fi
"""

FISH = """\
# fish completion of linnet; use it by: linnet completion fish | source
function __linnet_complete
    set -l tokens (commandline --tokenize --cut-at-cursor --current-process)
    set -l current (commandline --cut-at-cursor --current-token)
    for line in (linnet __complete $tokens[2..-1] "$current" 2>/dev/null)
        if test "$line" = ":file"
            __fish_complete_path "$current"
        else
            printf '%s\\n' "$line"
        end
    end
end
complete --command linnet --no-files --arguments '(__linnet_complete)'
"""

SCRIPTS = {"bash": BASH, "zsh": ZSH, "fish": FISH}


@command("completion")
def completion(
    session: Session,  # noqa: ARG001 - every command has the session
    shell: Annotated[str, Argument("The shell.", choices=("bash", "zsh", "fish"))],
) -> None:
    """Print the completion script for a shell; its first lines say how to use it."""
    output.data(SCRIPTS[shell].rstrip("\n"))
