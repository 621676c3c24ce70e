package api

import (
	"strings"

	"aftersales-ledger/api/wording"
)

// listTitles is what each list is called at the head of its file, where whoever takes it
// gives it no title of their own.
var listTitles = map[string]string{
	"/v1/catalogue":                       "配件目录 Catalogue of parts",
	"/v1/centers/{center}/account":        "物业服务中心账户 Account of a property center",
	"/v1/charge-reports/bridge":           "收费明细表与收费的衔接 From charge lists (F3) to charges",
	"/v1/charges":                         "收费清单 Charges",
	"/v1/collection":                      "催收 Collection",
	"/v1/corrections":                     "红冲与坏账转销 Credit notes and write-offs",
	"/v1/disputes":                        "争议 Disputes",
	"/v1/escalations":                     "上报事项 Escalations",
	"/v1/fault-lines":                     "故障处理记录 Fault records",
	"/v1/filings":                         "月度报表 Monthly forms",
	"/v1/findings":                        "配件差异 Findings",
	"/v1/handovers":                       "移交 Handovers",
	"/v1/imports/bank-statements/layouts": "银行对账单的版式 Layouts of bank statements",
	"/v1/imports/catalogue/layouts":       "配件目录的版式 Layouts of catalogues",
	"/v1/imports/charges/layouts":         "收费明细表的版式 Layouts of charge lists",
	"/v1/imports/counts/layouts":          "盘点表的版式 Layouts of count sheets",
	"/v1/imports/fault-records/layouts":   "故障处理记录表的版式 Layouts of fault records",
	"/v1/imports/users/layouts":           "用户清单的版式 Layouts of lists of users",
	"/v1/notices":                         "通知 Notices",
	"/v1/compensation-quotes":             "赔偿报价 Compensation quotes",
	"/v1/off-list-requests":               "标准外收费申请 Requests for charges outside the price list",
	"/v1/parts/audit":                     "配件核对 Parts audit",
	"/v1/parts/failures":                  "配件故障率 Failures of parts",
	"/v1/parts/movements":                 "收发明细 Movements of parts",
	"/v1/parts/roll-forward":              "收发存 Roll-forward of stock",
	"/v1/parts/stock":                     "库存 Stock",
	"/v1/parts/transfers":                 "调拨单 Transfers between depots",
	"/v1/payables":                        "付款申请 Payment requests",
	"/v1/payments":                        "回款 Payments",
	"/v1/payments/conflicts":              "流水号冲突 Conflicts of bank references",
	"/v1/price-lists":                     "部门收费标准 Price lists",
	"/v1/projects":                        "项目 Projects",
	"/v1/projects/{project}/papers":       "项目资料 Papers of a project",
	"/v1/receivables":                     "应收账款 Receivables",
	"/v1/receivables/breakdown":           "应收构成 Receivables by project or service",
	"/v1/reconciliation":                  "季度对账 Quarterly reconciliation",
	"/v1/repairs":                         "返修 Repairs",
	"/v1/requisitions":                    "物资申请 Requisitions",
	"/v1/search":                          "查找结果 Search",
	"/v1/service-table":                   "服务标准表 Service table",
	"/v1/statements":                      "对账单 Statements",
	"/v1/suppliers":                       "供应商 Suppliers",
	"/v1/tickets":                         "工单 Tickets",
	"/v1/trial-balance":                   "试算平衡表 Trial balance",
	"/v1/trial-balance/{account}":         "科目明细账 Ledger account",
	"/v1/users":                           "用户 Users",
	"/v1/visits":                          "例行巡检 Routine visits",
	"/v1/webhooks":                        "推送 Webhooks",
	"/v1/webhooks/{webhook}/undelivered":  "未送达的推送 Undelivered messages of a webhook",
}

// titleOf is what the list at a path is called, with what the path names: 物业服务中心账户 C01.
func titleOf(say wording.Language, path string) string {
	for route, title := range listTitles {
		if named, is := along(route, path); is {
			return strings.Join(append([]string{say.Label(title)}, named...), " ")
		}
	}
	return path
}

// along tells whether a path is one of a route's, and what stands in it where the route has
// parameters.
func along(route, path string) (named []string, is bool) {
	routed, given := strings.Split(route, "/"), strings.Split(path, "/")
	if len(routed) != len(given) {
		return nil, false
	}
	for i, part := range routed {
		switch {
		case strings.HasPrefix(part, "{"):
			named = append(named, given[i])
		case part != given[i]:
			return nil, false
		}
	}
	return named, true
}
