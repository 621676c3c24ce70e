package sheet

// BankStatement is a bank's list of the movements of an account
// (银行对账单, 交易明细). Money is in columns of its own for both directions, or in
// one column with a sign or with a column that says which.
var BankStatement = Layout{
	Name: "bank statement",
	Columns: []Column{
		{Field: "reference", Required: true, Names: []string{
			"交易流水号", "银行流水号", "核心流水号", "流水号", "交易流水", "账户明细编号交易流水号", "账户明细编号", "交易序号", "交易参考号", "交易编号", "业务编号", "回单编号", "凭证号", "凭证号码",
			"transactionreferencenumber", "transactionreference", "referencenumber", "reference", "serialnumber", "transactionid"}},
		{Field: "receivedOn", Kind: Date, Required: true, Names: []string{
			"交易日期", "入账日期", "记账日期", "交易日", "记账日", "起息日期", "交易时间", "日期", "transactiondate", "valuedate", "bookingdate", "date"}},
		{Field: "payer", Required: true, Names: []string{
			"对方户名", "对方单位名称", "对方单位", "对方名称", "对方账户名称", "对方账户名", "对方户名名称", "交易对方", "付款人名称", "付款人户名", "付款方户名", "付款方名称", "付款人", "付款方",
			"payername", "payersname", "counterparty", "counterpartyname", "payer"}},
		{Field: "account", Names: []string{
			"对方账号", "对方帐号", "对方账户", "对方账户账号", "付款人账号", "付款方账号", "counterpartyaccount", "payeraccount", "debitaccountno"}},
		{Field: "remark", Names: []string{"交易附言", "附言", "用途", "remark", "remarks", "postscript", "purpose"}},
		{Field: "note", Names: []string{"备注", "个性化信息", "note"}},
		{Field: "summary", Names: []string{"摘要", "交易摘要", "交易说明", "summary", "description", "details"}},
		{Field: "credit", Kind: Number, Names: []string{
			"贷方金额", "贷方发生额", "贷方", "收入金额", "收入", "转入金额", "转入", "存入金额", "存入", "贷方金额收入", "贷方发生额收入", "贷方发生额元收入", "收入贷方", "credit", "creditamount", "deposit", "deposits"}},
		{Field: "debit", Kind: Number, Names: []string{
			"借方金额", "借方发生额", "借方", "支出金额", "支出", "转出金额", "转出", "支取金额", "支取", "借方金额支出", "借方发生额支取", "借方发生额元支取", "支出借方", "debit", "debitamount", "withdrawal", "withdrawals"}},
		{Field: "amount", Kind: Number, Names: []string{"交易金额", "发生额", "金额", "交易额", "tradeamount", "transactionamount", "amount"}},
		{Field: "direction", Names: []string{
			"借贷标志", "借贷方向", "借贷标识", "借贷", "收支标志", "收支方向", "收支", "交易方向", "资金方向", "方向", "direction", "debitcredit", "drcr", "crdr"}},
		{Field: "balance", Kind: Number, Names: []string{"余额", "账户余额", "交易后余额", "本次余额", "联机余额", "balance", "accountbalance", "aftertransactionbalance"}},
		{Field: "currency", Names: []string{"币种", "币别", "货币", "交易货币", "币种名称", "currency", "tradecurrency"}},
	},
	Total: "credit",
	Aside: []string{"序号", "交易类型", "业务类型", "凭证种类", "凭证类型", "对方行名", "对方开户行", "对方银行", "对方开户机构", "渠道", "交易渠道", "账号", "户名", "本方账号", "本方户名"},
}
