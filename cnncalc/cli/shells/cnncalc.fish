# Completion of cnncalc in fish: cnncalc completion fish > ~/.config/fish/completions/cnncalc.fish
function __cnncalc_complete
    set -l words (commandline -xpc 2> /dev/null; or commandline -opc)
    set -l current (commandline -ct)
    set -lx COMP_WORDS (string join \n -- $words | string collect)
    set -lx COMP_CURRENT "$current"
    set -lx _CNNCALC_COMPLETE fish_complete
    for line in ($words[1] 2> /dev/null)
        set -l parts (string split -m 2 \t -- $line)
        switch $parts[1]
            case plain open
                echo $parts[2]\t$parts[3]
            case file
                set -l option (string match -r -- '^--[^=]*=' $current; or echo)
                for path in (__fish_complete_path (string replace -r -- '^--[^=]*=' '' $current))
                    echo $option$path
                end
        end
    end
end
complete --command cnncalc --no-files --arguments '(__cnncalc_complete)'
