package main

import (
	"fmt"
	"strings"
)

// shell is a shell for which there is a completion script.
type shell struct {
	name   string
	script func(vocabulary) string
}

func shells() []shell {
	return []shell{{"bash", bashScript}, {"zsh", zshScript}, {"fish", fishScript}, {"powershell", powershellScript}}
}

// bashScript completes words of its own; for the values of other flags, and for
// arguments, complete's default takes over, which are files.
func bashScript(v vocabulary) string {
	var b strings.Builder
	b.WriteString(`# bash completion of iamcheck
_iamcheck() {
  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} command= words= i
  COMPREPLY=()
  if [[ $cur == '=' ]]; then
    cur=
  elif [[ $prev == '=' ]]; then
    prev=${COMP_WORDS[COMP_CWORD-2]}
  fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    if [[ ${COMP_WORDS[i]} != -* ]]; then
      command=${COMP_WORDS[i]}
      break
    fi
  done
  case "$command $prev" in
`)
	v.eachValued(func(patterns, values []string) {
		fmt.Fprintf(&b, "    %s)\n      COMPREPLY=($(compgen -W '%s' -- \"$cur\"))\n      return ;;\n", alternatives(patterns), strings.Join(values, " "))
	}, func(patterns []string) { fmt.Fprintf(&b, "    %s) return ;;\n", alternatives(patterns)) })
	b.WriteString("  esac\n  case $command in\n")
	fmt.Fprintf(&b, "    '') words='%s --help --version' ;;\n", strings.Join(v.commands(), " "))
	for _, command := range v {
		fmt.Fprintf(&b, "    %s) if [[ $cur == -* ]]; then words='%s'; fi ;;\n", command.name, strings.Join(command.words(), " "))
	}
	b.WriteString("  esac\n  COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n}\ncomplete -o default -F _iamcheck iamcheck\n")
	return b.String()
}

func zshScript(v vocabulary) string {
	var b strings.Builder
	b.WriteString(`#compdef iamcheck
# zsh completion of iamcheck
_iamcheck() {
  local command= word
  for word in "${(@)words[2,CURRENT-1]}"; do
    if [[ $word != -* ]]; then
      command=$word
      break
    fi
  done
  case "$command ${words[CURRENT-1]}" in
`)
	v.eachValued(func(patterns, values []string) {
		fmt.Fprintf(&b, "    %s) compadd -- %s; return ;;\n", alternatives(patterns), strings.Join(values, " "))
	}, func(patterns []string) { fmt.Fprintf(&b, "    %s) _files; return ;;\n", alternatives(patterns)) })
	b.WriteString("  esac\n  case \"$command\" in\n")
	fmt.Fprintf(&b, "    '') compadd -- %s --help --version ;;\n", strings.Join(v.commands(), " "))
	for _, command := range v {
		fmt.Fprintf(&b, "    %s) if [[ $PREFIX == -* ]]; then compadd -- %s; else _files; fi ;;\n", command.name, strings.Join(command.words(), " "))
	}
	b.WriteString("  esac\n}\nif [[ ${funcstack[1]} == _iamcheck ]]; then\n  _iamcheck \"$@\"\nelse\n  compdef _iamcheck iamcheck\nfi\n")
	return b.String()
}

func fishScript(v vocabulary) string {
	quote := func(s string) string { return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(s) + "'" }
	var b strings.Builder
	b.WriteString("# fish completion of iamcheck\n")
	for _, command := range v {
		fmt.Fprintf(&b, "complete -c iamcheck -n __fish_use_subcommand -f -a %s -d %s\n", command.name, quote(command.usage))
	}
	for _, command := range v {
		for _, f := range command.flags {
			fmt.Fprintf(&b, "complete -c iamcheck -n '__fish_seen_subcommand_from %s'", command.name)
			for _, name := range f.names {
				if long, ok := strings.CutPrefix(name, "--"); ok {
					b.WriteString(" -l " + long)
				} else {
					b.WriteString(" -s " + name[1:])
				}
			}
			switch {
			case len(f.values) > 0:
				b.WriteString(" -x -a " + quote(strings.Join(f.values, " ")))
			case f.valued:
				b.WriteString(" -r -F")
			}
			b.WriteString(" -d " + quote(f.usage) + "\n")
		}
	}
	return b.String()
}

func powershellScript(v vocabulary) string {
	list := func(words []string) string { return "@('" + strings.Join(words, "', '") + "')" }
	var b strings.Builder
	b.WriteString(`# PowerShell completion of iamcheck
Register-ArgumentCompleter -Native -CommandName iamcheck -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $flags = @{
`)
	for _, command := range v {
		fmt.Fprintf(&b, "    '%s' = %s\n", command.name, list(command.words()))
	}
	b.WriteString("  }\n  $values = @{\n")
	v.eachValued(func(patterns, values []string) {
		for _, p := range patterns {
			fmt.Fprintf(&b, "    '%s' = %s\n", p, list(values))
		}
	}, func([]string) {})
	fmt.Fprintf(&b, "  }\n  $commands = %s\n", list(v.commands()))
	b.WriteString(`  $words = @($commandAst.CommandElements | Where-Object { $_.Extent.EndOffset -lt $cursorPosition } | ForEach-Object { "$_" })
  $command = $words | Select-Object -Skip 1 | Where-Object { -not $_.StartsWith('-') } | Select-Object -First 1
  $candidates = $values["$command $($words[-1])"]
  if (-not $candidates) {
    if (-not $command) { $candidates = $commands } elseif ($wordToComplete.StartsWith('-')) { $candidates = $flags[$command] }
  }
  $candidates | Where-Object { $_ -and $_.StartsWith($wordToComplete) } | ForEach-Object {
    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
  }
}
`)
	return b.String()
}

// eachValued hands out the flags that take values, as "command flag": those
// whose values are known one by one, the others of a command together.
func (v vocabulary) eachValued(known func(patterns, values []string), open func(patterns []string)) {
	for _, command := range v {
		var files []string
		for _, f := range command.flags {
			var patterns []string
			for _, name := range f.names {
				patterns = append(patterns, command.name+" "+name)
			}
			switch {
			case len(f.values) > 0:
				known(patterns, f.values)
			case f.valued:
				files = append(files, patterns...)
			}
		}
		if len(files) > 0 {
			open(files)
		}
	}
}

func alternatives(patterns []string) string { return "'" + strings.Join(patterns, "'|'") + "'" }

func (v vocabulary) commands() []string {
	var names []string
	for _, command := range v {
		names = append(names, command.name)
	}
	return names
}

func (w *commandWords) words() []string {
	var words []string
	for _, f := range w.flags {
		words = append(words, f.names...)
	}
	return words
}
