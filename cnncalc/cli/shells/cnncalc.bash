# Completion of cnncalc in bash. Put this into ~/.bashrc: cnncalc completion bash >> ~/.bashrc
_cnncalc_completion() {
    local type first rest file
    COMPREPLY=()
    while IFS=$'\t' read -r type first rest; do
        case $type in
            plain) COMPREPLY+=("$first") ;;
            open) COMPREPLY+=("$first"); compopt -o nospace 2> /dev/null ;;
            file)  # the rest is the word, of which the first so many letters stay
                compopt -o filenames 2> /dev/null
                while IFS= read -r file; do COMPREPLY+=("${file:first}"); done < <(compgen -f -- "$rest")
                ;;
        esac
    done < <(
        COMP_LINE="${COMP_LINE:0:COMP_POINT}" COMP_WORDBREAKS="$COMP_WORDBREAKS" COMP_COMMAND="$1" \
            _CNNCALC_COMPLETE=bash_complete "${1/#\~/$HOME}" 2> /dev/null
    )
}
complete -o nosort -F _cnncalc_completion cnncalc 2> /dev/null || complete -F _cnncalc_completion cnncalc
