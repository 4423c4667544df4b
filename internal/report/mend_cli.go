package report

import (
	"io"
	"strings"

	"github.com/iamcheck/iamcheck/internal/checks"
)

// writeMendCLI writes the commands that make the change, for a POSIX shell. They
// are text to read and run, each on its own.
func writeMendCLI(w io.Writer, m *checks.Mend, o Options) error {
	var b strings.Builder
	comment := func(lines []string) {
		for _, l := range lines {
			b.WriteString(strings.TrimRight("# "+l, " ") + "\n")
		}
	}
	if len(m.Documents) > 0 {
		comment([]string{"Written by iamcheck fix, which has run none of it: read it, then run it with rights to change IAM."})
	}
	account := ""
	for i := range m.Documents {
		d := &m.Documents[i]
		b.WriteByte('\n')
		if own := mendAccount(d); own != account {
			account = own
			comment([]string{"With credentials of account " + clean(account, maxName, true) + ":", ""})
		}
		r := mendNotes{ascii: o.ASCII}
		r.document(d)
		comment(r.lines)
		calls := callsOf(d)
		if calls == nil {
			comment([]string{"No command: a name here is none that IAM gives."})
		}
		if d.Oldest != "" && calls != nil {
			comment([]string{shellLine([]string{"delete-policy-version", "--policy-arn", d.Policy, "--version-id", d.Oldest})})
		}
		for _, c := range calls {
			b.WriteString(shellLine(c.Args) + "\n")
		}
	}
	if b.Len() > 0 {
		b.WriteByte('\n')
	}
	r := mendNotes{ascii: o.ASCII}
	r.rest(m)
	comment(r.lines)
	_, err := io.WriteString(w, b.String())
	return err
}

// shellLine is a command of `aws iam` as a shell reads it.
func shellLine(args []string) string {
	out := "aws iam"
	for i, a := range args {
		separator := " "
		if i > 0 && strings.HasPrefix(args[i-1], "--") && strings.HasPrefix(a, "-") && !strings.HasPrefix(a, "--set-") {
			separator = "=" // a value that would pass for a flag
		}
		out += separator + shellWord(a)
	}
	return out
}

// shellWord quotes a word for a POSIX shell: between single quotes nothing has a
// meaning but the single quote itself.
func shellWord(s string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_./:@,+=", r)
	}
	if s != "" && !strings.ContainsFunc(s, func(r rune) bool { return !plain(r) }) {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
