package sample

// Letterhead is the file with the sample department's letterheads, as a ledger reads
// it (see package letterheadfile). Nothing in it exists.
func Letterhead() string {
	return `# Who the sample department is on what goes out. Nothing here exists: put your own in its place.
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
`
}
