package yamlfile_test

import (
	"errors"
	"testing"

	"aftersales-ledger/api/wording"
	"aftersales-ledger/cmd/internal/claimsfile"
	"aftersales-ledger/cmd/internal/letterheadfile"
	"aftersales-ledger/cmd/internal/notices"
	"aftersales-ledger/cmd/internal/policyfile"
	"aftersales-ledger/cmd/internal/scenario"
	"aftersales-ledger/cmd/internal/yamlfile"
)

// Whatever a department writes itself, its mistakes are told in its language, with the
// file and the line.
func TestMistakesInTheDepartmentsFilesAreSaidInChinese(t *testing.T) {
	policy := func(text string) error { _, err := policyfile.Parse("f.yaml", []byte(text)); return err }
	letterhead := func(text string) error { _, err := letterheadfile.Parse("f.yaml", []byte(text)); return err }
	claims := func(text string) error { _, err := claimsfile.Parse("f.yaml", []byte(text)); return err }
	book := func(text string) error { _, err := notices.ReadBook("f.yaml", []byte(text)); return err }
	scene := func(text string) error { _, err := scenario.Parse("f.yaml", []byte(text), nil); return err }
	for text, of := range map[string]struct {
		read func(string) error
		want string
	}{
		"rows: 1\nversoin: x\n":               {policy, "f.yaml:2: 没有字段“versoin”；可写的有：version、effectiveFrom、handoverMonths、rows、notices"},
		"notices: {waitForAll: many}\n":       {policy, "f.yaml:1: notices.waitForAll 须为整数"},
		"notices:\n  giveUpAfter: 1s\n":       {policy, "f.yaml:2: notices.giveUpAfter“1s”：必须在 1m0s 至 720h0m0s 之间"},
		"letterheads: [{region: 华东}]\n":       {letterhead, "f.yaml: 第 1 项：什么也没写"},
		"letterheads: [{name: a, from: may}]": {letterhead, "f.yaml: 第 1 项：from 须为日期，例如 2026-07-01"},
		"days: some\n":                        {claims, "f.yaml:1: days 须为整数"},
		"addresses:\n  - {role: finance}\n":   {book, "f.yaml:2: 没有写邮箱地址"},
		"addresses: []\n":                     {book, "f.yaml: 没有任何内容；须有列表 `addresses`"},
		"name: n\nsteps: {a: 1}\n":            {scene, "f.yaml:2: `steps` 须为列表；每个步骤以“- ”开头"},
		"name: n\nsteps:\n  - hello\n":        {scene, "f.yaml:3: 步骤须写成字段与值，例如 `name: …`，不能是单个值"},
		"name: n\nstpes: []\nsteps: [{GET: /a}]": {scene, "f.yaml:2: 场景没有字段“stpes”；是否要写“steps”？可写的有：name、description、clauses、include、actors、steps\n" +
			"f.yaml:3: 第一个步骤须有 `at`，即虚拟时钟的起点，例如 2026-07-01 09:00"},
	} {
		err := of.read(text)
		var wrong *yamlfile.FormatError
		if !errors.As(err, &wrong) {
			t.Errorf("%q: %v", text, err)
			continue
		}
		if said := wording.Chinese.Error(err); said != of.want {
			t.Errorf("%q:\n%s, want\n%s", text, said, of.want)
		}
	}
}
