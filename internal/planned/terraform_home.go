package planned

import (
	"encoding/json"
	"strings"
)

// home is the account and partition that a provider works in.
type home struct{ account, partition string }

// findHomes finds out which accounts the plan's providers work in: by what the
// caller says, by the ARNs that the plan knows, and by the provider's own
// configuration.
func (t *terraform) findHomes() {
	if t.plan.PriorState != nil && t.plan.PriorState.Values != nil {
		t.homesOfData(&t.plan.PriorState.Values.Root, 0)
	}
	for _, in := range t.instances {
		for _, v := range []value{in.after, in.before} {
			t.sawARN(in.provider(), v.path("arn"))
		}
	}
	for key, p := range t.plan.Configuration.Providers {
		if _, ok := t.homes[key]; ok || !strings.HasPrefix(key, "aws") && !strings.Contains(key, ":aws") {
			continue
		}
		t.homeOfProvider(key, p.Expressions)
	}
}

func (in *instance) provider() string {
	if in.config != nil {
		return in.config.Provider
	}
	return ""
}

func (t *terraform) sawARN(provider string, v value) {
	arn := v.str()
	if owner := field(arn, 4); isAccount(owner) {
		if _, ok := t.homes[provider]; !ok {
			t.homes[provider] = home{owner, field(arn, 1)}
		}
	}
}

func isAccount(id string) bool { return len(id) == 12 && strings.Trim(id, "0123456789") == "" }

// homesOfData takes what data sources of the root and its modules have read:
// data.aws_caller_identity tells the account.
func (t *terraform) homesOfData(m *tfStateModule, depth int) {
	if depth > maxDepth {
		return
	}
	for i := range m.Resources {
		r := &m.Resources[i]
		if r.Type != "aws_caller_identity" && !matters(r.Type) {
			continue
		}
		in := &instance{tfName: r.tfName}
		in.Module = m.Address
		t.configure(in)
		v, err := decodeJSON(t.file, r.Values)
		if err != nil {
			continue
		}
		t.sawARN(in.provider(), v.path("arn"))
	}
	for i := range m.Children {
		t.homesOfData(&m.Children[i], depth+1)
	}
}

// homeOfProvider reads allowed_account_ids and assume_role of a provider block.
func (t *terraform) homeOfProvider(key string, expressions map[string]json.RawMessage) {
	for _, name := range []string{"assume_role", "allowed_account_ids"} {
		v, err := decodeJSON(t.file, expressions[name])
		if err != nil {
			continue
		}
		for _, block := range v.list() {
			t.sawARN(key, block.path("role_arn", "constant_value"))
			constant := block.get("constant_value")
			if ids := constant.list(); len(ids) == 1 && isAccount(ids[0].str()) {
				if _, ok := t.homes[key]; !ok {
					t.homes[key] = home{account: ids[0].str()}
				}
			}
		}
	}
}

// homeOf is the home of an instance. What the caller says holds for providers
// of which the plan tells nothing.
func (t *terraform) homeOf(in *instance) home {
	h, ok := t.homes[in.provider()]
	if !ok && t.options.Account == "" {
		h = t.only()
	}
	if h.account == "" {
		h.account = t.options.Account
	}
	if h.partition == "" {
		h.partition = t.options.Partition
	}
	if h.partition == "" {
		h.partition = "aws"
	}
	return h
}

// only is the one home that the plan tells of, where it tells of one alone.
func (t *terraform) only() home {
	var found home
	for _, h := range t.homes {
		if found.account != "" && found.account != h.account {
			return home{}
		}
		if found.partition == "" {
			found = h
		}
	}
	return found
}
