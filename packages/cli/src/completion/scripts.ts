export const SHELLS = ['bash', 'zsh', 'fish'] as const;

export type Shell = (typeof SHELLS)[number];

/**
 * What a shell has to load. Each asks `dormouse complete` what the words before the cursor may become, and offers
 * files where that has nothing to say.
 */
export const SCRIPTS: Readonly<Record<Shell, string>> = {
  // Bash takes a word apart at : and =, and wants to have only what comes behind the last of them.
  bash: `# dormouse completion bash
_dormouse() {
  local line="\${COMP_LINE:0:COMP_POINT}" words=() typed head text
  read -ra words <<< "$line"
  [[ $line == *[[:space:]] ]] && words+=("")
  typed="\${words[\${#words[@]}-1]}"
  head="\${typed%"\${typed##*[:=]}"}"
  COMPREPLY=()
  while IFS=$'\\t' read -r text _; do
    COMPREPLY+=("\${text#"$head"}")
  done < <(dormouse complete -- "\${words[@]:1}" 2> /dev/null)
}
complete -o default -F _dormouse dormouse
`,
  zsh: `#compdef dormouse
# dormouse completion zsh
_dormouse() {
  local -a found
  local line
  for line in "\${(@f)$(dormouse complete -- "\${(@Q)words[2,CURRENT]}" 2> /dev/null)}"; do
    [[ -n $line ]] && found+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
  done
  if (( \${#found} )); then _describe dormouse found; else _files; fi
}
if [[ \${funcstack[1]} == _dormouse ]]; then _dormouse "$@"; else compdef _dormouse dormouse; fi
`,
  fish: `# dormouse completion fish
function __dormouse_complete
    set -l words (commandline --cut-at-cursor --current-process --tokenize)
    set -l typed (commandline --cut-at-cursor --current-token)
    set -l found (dormouse complete -- $words[2..] "$typed" 2> /dev/null)
    if test (count $found) -gt 0
        printf '%s\\n' $found
    else
        __fish_complete_path "$typed"
    end
end
complete --command dormouse --no-files --arguments '(__dormouse_complete)'
`,
};
