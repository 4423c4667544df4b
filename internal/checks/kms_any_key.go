package checks

import (
	"fmt"
	"slices"
	"strings"

	"github.com/iamcheck/iamcheck/internal/policy"
)

func kmsAnyKey() *Check {
	return &Check{
		ID:       "kms-any-key",
		Title:    "every KMS key can be used",
		Severity: High,
		Whole:    true,
		Specific: true,
		Doc: Doc{
			What:     "kms:Decrypt or kms:GenerateDataKey is allowed on every key of the account. A condition such as kms:ViaService lowers it; so does a configured key of which only the alias is told.",
			Why:      "It opens whatever is encrypted with a key whose key policy leaves access to IAM, as the default key policy does.",
			Mend:     "Name the key of aws.secret_store.kms_key_id, by its ID.",
			Suppress: "When a condition on kms:ViaService narrows it enough for you.",
			Sources:  []string{"KMS developer guide, key-policy-default", "Teleport Database Access AWS IAM Reference, managed users"},
		},
		Run: runKMSAnyKey,
	}
}

// keyActions are those that use a key on data.
var keyActions = []string{"kms:Decrypt", "kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext", "kms:GenerateDataKeyPair", "kms:GenerateDataKeyPairWithoutPlaintext", "kms:Encrypt", "kms:ReEncryptFrom", "kms:ReEncryptTo"}

func runKMSAnyKey(p *Pass) {
	for _, s := range p.subjects() {
		if s.breadth != BreadthAll && !s.serves("kms") {
			continue
		}
		for _, a := range s.grants {
			if !a.general() && !a.wholeService("kms") && !a.allActions() && a.anyKey() {
				p.reportKeys(s, a)
			}
		}
	}
}

func (p *Pass) reportKeys(s *subject, a *allowance) {
	f := a.finding()
	var w worst
	decrypts := false
	for _, action := range keyActions {
		if !a.statement.Actions.Match(action) {
			continue
		}
		e := a.beyond(action)
		if e.Found == policy.False {
			continue
		}
		decrypts = decrypts || action == "kms:Decrypt" || strings.HasPrefix(action, "kms:GenerateDataKey")
		f.Actions = append(f.Actions, action)
		w.take(a, High, e)
	}
	if !decrypts {
		return
	}
	p.Speak(a, f.Actions...)
	f.Resources, f.Witness = a.resources(), w.witness
	f.Fix = a.smallest(a.others([]string{"kms"}))
	f.Message = fmt.Sprintf("%s is allowed on every key, and so on %s; %s", list(f.Actions, 3), witnessOr(w.witness), s.keysNamed())
	a.temper(&f, w.severity, w.found)
	p.Report(f)
}

// anyKey tells whether the statement takes in keys of every ID.
func (a *allowance) anyKey() bool {
	c := &a.subject.caller
	for _, region := range slices.Concat([]string{noAction}, a.subject.regions, otherRegions[c.Partition]) {
		arn := "arn:" + c.Partition + ":kms:" + region + ":" + c.Account + ":key/" + noAction
		if slices.ContainsFunc(a.resources(), func(raw string) bool { return policy.CompilePattern(raw).Match(arn) }) {
			return true
		}
	}
	return false
}

// keysNamed says which key the configuration names.
func (s *subject) keysNamed() string {
	var named []string
	for _, r := range s.needed("kms:Decrypt") {
		named = append(named, r.Resource)
	}
	if len(named) == 0 {
		return "the configuration names no key"
	}
	return "the configuration names " + list(named, 2)
}
