package money

import (
	"strings"

	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
)

// countedUnits are the units of things that nobody has a part of: they are counted.
// Every other unit may be measured (米, 公斤, 小时), or is a price of its own (元, 次,
// 项), and a quantity of it may be a fraction.
var countedUnits = unitsOf("台 个 只 套 件 块 张 把 根 条 支 枝 片 组 对 双 副 盒 部 枚 颗 粒 盏 具 架 座 面 扇 樘 辆 节 " +
	"pc pcs piece pieces set sets unit units pair pairs ea")

func unitsOf(list string) map[string]bool {
	units := make(map[string]bool)
	for unit := range strings.FieldsSeq(list) {
		units[unit] = true
	}
	return units
}

// Counted reports whether a unit is of things that are counted.
func Counted(unit string) bool { return countedUnits[strings.ToLower(strings.TrimSpace(unit))] }

// CheckWhole rejects a fraction of a unit that is counted: half a camera is none.
func CheckWhole(field, unit string, q decimal.Decimal) error {
	if !Counted(unit) || q.IsInteger() {
		return nil
	}
	return domain.Invalid(field, domain.Clip(q.String()), "part-of-a-unit",
		"must be a whole number: the unit is %s, which is counted and not measured", "", unit)
}
