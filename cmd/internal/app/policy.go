package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"aftersales-ledger/cmd/internal/policyfile"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/eventstore/ledger"
)

// noticeRules are those of the department's file, or the procedure's.
func noticeRules(file string) (policy.NoticeRules, error) {
	if file == "" {
		return policy.Default().Notices, nil
	}
	f, err := policyfile.Read(file)
	if err != nil {
		return policy.NoticeRules{}, domain.Failed(err, "service table")
	}
	return f.Notices, nil
}

// adoptPolicy puts the service table of a file in force, if it has one. A table
// that is in the log already, whoever published it, is not published again.
func adoptPolicy(ctx context.Context, l *ledger.Ledger, file string) error {
	if file == "" {
		return nil
	}
	f, err := policyfile.Read(file)
	if err != nil {
		return domain.Failed(err, "service table")
	}
	if !f.HasTable() {
		return nil
	}
	content, err := json.Marshal(f.Table)
	if err != nil {
		return domain.Failed(err, "service table")
	}
	sum := sha256.Sum256(content)
	request := ledger.Request{
		Key:   "policy-file-" + f.Table.Version + "-" + hex.EncodeToString(sum[:8]),
		Actor: domain.Actor{Name: "policy-file", Role: domain.DepartmentManager},
	}
	if _, err := l.AdoptServiceTable(ctx, request, f.Table, f.EffectiveFrom); err != nil {
		return domain.Failed(err, "service table %s", file)
	}
	return nil
}
