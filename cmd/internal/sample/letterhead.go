package sample

import (
	"fmt"
	"strings"
)

// Letterhead is the file with the sample department's letterheads and the names
// of its people, as a ledger reads it (see package letterheadfile). Nothing in
// it exists.
func Letterhead() string {
	var b strings.Builder
	b.WriteString(`# Who the sample department is on what goes out. Nothing here exists: put your own in its place.
letterheads:
  - name: 示例智能科技有限公司 售后服务部
    address: 杭州市示例路 1 号 5 楼
    contact: 本部事务主管 周敏
    phone: 0571-00000000
    mail: service@example.com
    account: {holder: 示例智能科技有限公司, bank: 示例银行杭州示例支行, number: "0000 0000 0000 0000 001"}
  - {region: 华东, contact: 区域行政 孙丽, phone: 0571-00000001}
  - {region: 华南, contact: 区域行政 何静, phone: 020-00000002}
  - {region: 西南, contact: 区域行政 罗娟, phone: 028-00000003}
people:
`)
	person := 0
	add := func(account string) {
		surnames, given := []rune("赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许"), []string{"伟", "敏", "建国", "丽华", "强", "静", "志远", "晓东", "秀英"}
		fmt.Fprintf(&b, "  %s: %c%s\n", account, surnames[person%len(surnames)], given[person/3%len(given)])
		person++
	}
	for _, account := range []string{
		"manager", "hq", "hq.zhou", "techgroup", "purchasing", "planner", "planner.hq", "assistant",
	} {
		add(account)
	}
	for region := 1; region <= 3; region++ {
		add(fmt.Sprintf("admin.%d", region))
		add(fmt.Sprintf("regional.%d", region))
		add(fmt.Sprintf("finance.%d", region))
	}
	for city := 1; city <= 12; city++ {
		add(fmt.Sprintf("lead.%02d", city))
		add(fmt.Sprintf("techlead.C%02d", city))
		add(fmt.Sprintf("head.C%02d", city))
		add(fmt.Sprintf("registrar.C%02d", city))
	}
	for project := 1; project <= 40; project++ {
		add(fmt.Sprintf("tech.P%03d", project))
		add(fmt.Sprintf("pm.P%03d", project))
	}
	add("buyer.hq")
	for _, region := range []string{"华东", "华南", "西南"} {
		add("techgroup." + region)
		add("planner." + region)
	}
	return b.String()
}
