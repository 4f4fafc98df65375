/** A shell that can complete commands and options. */
export type Shell = keyof typeof completionScripts;

/**
 * What each shell reads to complete the words after `nonlocal-med`: it calls `nonlocal-med complete` with the words up to
 * the cursor, and offers file names where that has no answer.
 */
export const completionScripts = {
  bash: `_nonlocal_med() {
  local IFS=$'\\n'
  COMPREPLY=($(nonlocal-med complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null | cut -f 1))
}
complete -o default -F _nonlocal_med nonlocal-med
`,
  fish: `function __nonlocal_med_complete
  set -l typed (commandline -ct)
  set -l candidates (nonlocal-med complete -- (commandline -opc)[2..] $typed 2>/dev/null)
  if test (count $candidates) -gt 0
    string join \\n -- $candidates
  else if string match -qr '^--[a-z-]+=' -- $typed
    set -l parts (string split -m 1 = -- $typed)
    for path in (__fish_complete_path $parts[2])
      echo $parts[1]=$path
    end
  else
    __fish_complete_path $typed
  end
end
complete -c nonlocal-med -f -a '(__nonlocal_med_complete)'
`,
  zsh: `#compdef nonlocal-med
_nonlocal_med() {
  local line
  local -a candidates
  for line in "\${(@f)$(nonlocal-med complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
    [[ -n "$line" ]] && candidates+=("\${line/$'\\t'/:}")
  done
  if (( \${#candidates} )); then
    _describe 'nonlocal-med' candidates
  else
    compset -P '--*='
    _files
  fi
}
(( $+functions[compdef] )) || { autoload -Uz compinit && compinit }
compdef _nonlocal_med nonlocal-med
`,
} as const;
