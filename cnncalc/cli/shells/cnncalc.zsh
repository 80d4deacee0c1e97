#compdef cnncalc
# Completion of cnncalc in zsh. Put this into ~/.zshrc: cnncalc completion zsh >> ~/.zshrc
_cnncalc() {
    local -a lines parts plain open plain_shown open_shown listed
    local line help shown
    local -i longest=0 room
    lines=("${(@f)$(
        COMP_WORDS="${(pj:\n:)${(@Q)words[1,CURRENT-1]}}" COMP_CURRENT="${(Q)PREFIX}" \
            _CNNCALC_COMPLETE=zsh_complete "${(Q)words[1]/#\~/$HOME}" 2> /dev/null
    )}")
    for line in $lines; do
        parts=("${(@ps:\t:)line}")
        (( $#parts[2] > longest )) && longest=$#parts[2]
    done
    room=$(( COLUMNS - longest - 6 ))
    for line in $lines; do
        parts=("${(@ps:\t:)line}")
        help=$parts[3] shown=$parts[2]
        (( $#help > room && room > 2 )) && help="${help[1,room-1]% *}…"  # zsh would cut it within a word
        [[ -n $help ]] && listed=(-l) shown="${(r:longest:)shown}  -- $help"
        case $parts[1] in
            plain) plain+=("$parts[2]") plain_shown+=("$shown") ;;
            open) open+=("$parts[2]") open_shown+=("$shown") ;;
            file) [[ $PREFIX == --*=* ]] && compset -P 1 '*='; _files ;;
        esac
    done
    (( $#plain )) && compadd -V cnncalc $listed -d plain_shown -a plain
    (( $#open )) && compadd -V cnncalc -S '' $listed -d open_shown -a open
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    _cnncalc "$@"
else
    (( $+functions[compdef] )) || { autoload -Uz compinit && compinit }
    compdef _cnncalc cnncalc
fi
