SELECT center, name, region, quarter, closing - balance_change AS opening, charges, late, transfers_in, transfers_out,
    credits, receipts, reversals, closing,
    {sort_sign:Int8} * multiIf(
        {sort:String} = 'quarter', toInt64(quarter),
        {sort:String} = 'charges', toInt64(charges * 100),
        {sort:String} = 'late', toInt64(late * 100),
        {sort:String} = 'receipts', toInt64(receipts * 100),
        {sort:String} = 'closing', toInt64(closing * 100),
        toInt64(0)) AS sort_key
FROM balances
WHERE quarter >= {first:UInt16}
  AND (sort_key, center, quarter) > ({after_sort:Int64}, {after_center:String}, {after_quarter:UInt16})
ORDER BY sort_key, center, quarter
LIMIT {row_limit:UInt64}
