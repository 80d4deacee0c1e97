#compdef cnncalc
# Completion of cnncalc in zsh. Put this into ~/.zshrc:  cnncalc completion zsh >> ~/.zshrc
_cnncalc() {
    local -a plain open
    local type value help
    while IFS=$'\t' read -r type value help; do
        case $type in
            plain) plain+=("${value//:/\\:}:$help") ;;
            open) open+=("${value//:/\\:}:$help") ;;
            file) [[ $PREFIX == --*=* ]] && compset -P 1 '*='; _files ;;
        esac
    done < <(
        COMP_WORDS="${(pj:\n:)${(@Q)words[1,CURRENT-1]}}" COMP_CURRENT="${(Q)PREFIX}" \
            _CNNCALC_COMPLETE=zsh_complete "${(Q)words[1]/#\~/$HOME}" 2> /dev/null
    )
    (( $#plain )) && _describe -V cnncalc plain
    (( $#open )) && _describe -V cnncalc open -S ''
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    _cnncalc "$@"
else
    (( $+functions[compdef] )) || { autoload -Uz compinit && compinit }
    compdef _cnncalc cnncalc
fi
