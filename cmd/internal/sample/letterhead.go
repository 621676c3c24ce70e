package sample

import (
	"fmt"
	"strings"

	"aftersales-ledger/domain"
)

// Letterhead is the file with the sample department's letterheads, as a ledger reads
// it (see package letterheadfile). Nothing in it exists; whom it names as a region's
// contact is who administers that region in the year.
func Letterhead(people []Person) string {
	var b strings.Builder
	b.WriteString(`# Who the sample department is on what goes out. Nothing here exists: put your own in its place.
letterheads:
  - name: 示例智能科技有限公司 售后服务部
    address: 杭州市示例路 1 号 5 楼
    contact: 本部事务主管 周敏
    phone: 0571-00000000
    mail: service@example.com
    account: {holder: 示例智能科技有限公司, bank: 示例银行杭州示例支行, number: "0000 0000 0000 0000 001"}
`)
	for _, of := range []struct{ region, phone string }{
		{"华东", "0571-00000001"}, {"华南", "020-00000002"}, {"西南", "028-00000003"},
	} {
		for _, p := range people {
			if p.Role == domain.RegionalAdmin && len(p.Reach.Regions) == 1 && p.Reach.Regions[0] == of.region {
				fmt.Fprintf(&b, "  - {region: %s, contact: 区域行政 %s, phone: %s}\n", of.region, p.Name, of.phone)
			}
		}
	}
	return b.String()
}
