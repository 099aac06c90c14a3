# Completion of kuzzle-edge for bash.
_kuzzle_edge() {
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
  if [ "$before" = --config ]; then
    mapfile -t COMPREPLY < <(compgen -f -- "$word")
    return
  fi

  # What the program itself says can follow: commands that are added later are completed, too.
  mapfile -t COMPREPLY < <(compgen -W "$("${COMP_WORDS[0]}" "[suggest:$COMP_POINT]" "$COMP_LINE" 2>/dev/null)" -- "$word")
}
complete -o default -F _kuzzle_edge kuzzle-edge
