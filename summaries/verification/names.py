"""The words for a measure. Data: add a phrase here, and it is read.

Phrases are lower case, one a comma, words as `marks` splits them. The longest
phrase wins, so "gross profit margin" is never read as "gross profit".
"""

from __future__ import annotations

from summaries.verification.terms import Negated, Plain, Quotient, Term

_PLAIN: dict[str, str] = {
    "revenue": "revenue, revenues, revenue dollar, sales dollar, sales, net sales, net revenue, net revenues, total revenue,"
    " total revenues, total net revenue, total net sales, turnover, the top line, top line,"
    " top-line, its top line",
    "cost_of_revenue": "cost of revenue, cost of revenues, cost of sales, cost of goods sold",
    "gross_profit": "gross profit, gross profits",
    "research_and_development": "research and development, research and development expense,"
    " research and development expenses, research and development spending, research and"
    " development costs, r&d, r&d expense, r&d expenses, r&d spending, r&d costs,"
    " spending on research and development, spending on r&d, research spending",
    "sales_and_administration": "selling general and administrative expense, selling general and"
    " administrative expenses, selling general and administrative costs, selling general and"
    " administrative, sg&a, sg&a expense, sg&a expenses, sg&a costs, sg&a spending,"
    " selling and administrative expense, selling and administration, selling and"
    " administrative expenses",
    "sales_and_marketing": "sales and marketing expense, sales and marketing expenses, sales and"
    " marketing, sales and marketing costs, marketing expense, sales and marketing spending",
    "administration": "general and administrative expense, general and administrative expenses,"
    " general and administrative costs, general and administrative, g&a, g&a expense",
    "operating_expenses": "operating expenses, operating costs, operating expense, total operating"
    " expenses, costs and expenses, total expenses",
    "operating_income": "operating income, operating profit, operating profits, operating earnings,"
    " income from operations, profit from operations, operating result",
    "interest_expense": "interest expense, interest costs, interest cost, interest bill,"
    " finance costs",
    "pretax_income": "pre-tax income, pretax income, pre-tax profit, pretax profit, profit before"
    " tax, income before tax, income before taxes, pre-tax earnings",
    "income_tax": "income tax expense, income tax, income taxes, taxes, tax expense, the tax charge,"
    " tax bill, tax charge",
    "net_income": "net income, net profit, net profits, net earnings, earnings, profit, profits,"
    " the bottom line, bottom line, net result, profit for the year",
    "depreciation": "depreciation and amortization, depreciation and amortisation, depreciation",
    "stock_compensation": "stock-based compensation, share-based compensation, stock compensation,"
    " stock-based pay, share-based pay, equity compensation",
    "net_interest_income": "net interest income",
    "noninterest_income": "non-interest income, noninterest income, fee income, fees and other"
    " income",
    "noninterest_expense": "non-interest expense, noninterest expense, non-interest expenses,"
    " noninterest expenses, non-interest costs",
    "credit_provision": "provision for credit losses, provisions for credit losses, credit"
    " provision, loan loss provision, provision for loan losses, credit-loss provision,"
    " provisions for bad loans, credit loss provisions, loan-loss provisions",
    "premiums": "premiums earned, premiums, earned premiums, premium income, premium, premium"
    " revenue, net premiums earned, premium dollar, premium dollars",
    "claims_incurred": "medical and insurance claims incurred, medical and insurance claims, claims"
    " incurred, insurance claims, medical claims, claims, incurred claims, medical costs,"
    " benefits and claims, policyholder claims",
    "investment_income": "investment income, net investment income",
    "rental_income": "rental income, rents, rent, lease income, rental revenue, rental revenues",
    "property_operating_cost": "property operating cost, property operating costs, property"
    " operating expenses",
    "exploration": "exploration expense, exploration, exploration costs, exploration spending,"
    " exploration expenses",
    "cash": "cash and equivalents, cash and cash equivalents, cash, cash on hand, cash balance,"
    " cash pile, cash holdings, cash balances, cash in hand",
    "short_term_investments": "short-term investments, short-term securities, marketable"
    " securities, current marketable securities, short-term marketable securities",
    "receivables": "receivables, accounts receivable, trade receivables, customer receivables",
    "inventory": "inventory, inventories",
    "current_assets": "current assets, total current assets",
    "property": "property plant and equipment, property and equipment, fixed assets, pp&e",
    "investment_property": "investment property, investment properties, real estate investments",
    "goodwill": "goodwill",
    "total_assets": "total assets, assets",
    "current_liabilities": "current liabilities, total current liabilities",
    "deferred_revenue": "deferred revenue, deferred revenues, contract liabilities",
    "remaining_obligations": "remaining performance obligations, remaining performance obligation,"
    " contracted backlog, rpo, backlog of contracted revenue, remaining obligations",
    "long_term_debt": "long-term debt, long-term borrowings, long-dated debt, noncurrent debt,"
    " non-current debt",
    "current_debt": "debt due within a year, debt due within one year, current debt, current"
    " portion of long-term debt, debt maturing within a year, short-term debt, debt falling due"
    " within a year, debt due within twelve months",
    "borrowings": "borrowings, total borrowings, debt, total debt, financial debt",
    "total_liabilities": "total liabilities, liabilities",
    "equity": "shareholders' equity, stockholders' equity, shareholder equity, stockholder equity,"
    " equity, book equity, total equity, book value, shareholders' funds, total shareholders'"
    " equity, total stockholders' equity",
    "retained_earnings": "retained earnings",
    "deposits": "deposits, total deposits, customer deposits",
    "loans": "loans, total loans, the loan book, loan book, net loans, lending",
    "claims_payable": "claims payable, unpaid claims, claims reserves",
    "operating_cash_flow": "operations, operating cash flow, operating cash flows, cash from operations,"
    " cash flow from operations, cash flow from operating activities, cash generated by operations,"
    " cash from operating activities, cash provided by operations, operating cash, cash generated"
    " from operations, cash from its operations, cash provided by operating activities, net cash"
    " from operations, net cash provided by operating activities, net cash from operating"
    " activities",
    "capital_expenditure": "capital expenditure, capital expenditures, capex, capital spending,"
    " capital investment, spending on property and equipment, capital outlays",
    "investing_cash_flow": "investing cash flow, cash flow from investing, investing cash flows,"
    " cash from investing activities, cash flow from investing activities",
    "financing_cash_flow": "financing cash flow, cash flow from financing, financing cash flows,"
    " cash from financing activities, cash flow from financing activities",
    "buybacks": "share buybacks, buybacks, stock buybacks, share repurchases, stock repurchases,"
    " repurchases, repurchases of shares, share buyback, buyback, buying back shares, buying back"
    " stock, repurchasing shares, repurchasing stock, repurchases of common stock, repurchases of"
    " stock, buying back its shares, buying back its own shares, buying back its stock",
    "dividends_paid": "dividends paid, dividends, dividend payments, cash dividends, dividend,"
    " dividend payout, common dividends, dividends to shareholders",
    "diluted_eps": "diluted earnings per share, diluted eps, earnings per share, eps, earnings per"
    " diluted share, earnings a share, profit per share, diluted earnings a share, net income per"
    " diluted share, net income per share, profit a share, diluted profit per share, profit per"
    " diluted share, diluted earnings per common share, earnings a diluted share",
    "dividend_per_share": "dividend per share, dividends per share, dividends declared per share,"
    " dividend a share, dividends a share, declared dividends per share, dividends per common share",
    "diluted_shares": "diluted shares, diluted share count, share count, diluted shares outstanding,"
    " weighted average diluted shares, average diluted shares, weighted-average diluted shares,"
    " diluted average shares, the diluted count, weighted diluted shares, number of diluted shares",
    "gross_margin": "gross margin, gross profit margin, gross margins",
    "operating_margin": "operating margin, operating profit margin, operating margins",
    "net_margin": "net margin, net profit margin, net income margin, profit margin, net margins",
    "tax_rate": "effective tax rate, tax rate",
    "research_intensity": "r&d intensity, research intensity",
    "capital_intensity": "capital intensity, capex intensity",
    "free_cash_flow_margin": "free cash flow margin, free-cash-flow margin, fcf margin",
    "return_on_equity": "return on equity, return on shareholders' equity, roe",
    "return_on_assets": "return on assets, return on total assets, roa",
    "equity_ratio": "equity ratio, equity to assets",
    "efficiency_ratio": "efficiency ratio",
    "loans_to_deposits": "loan-to-deposit ratio, loans to deposits, loan to deposit ratio,"
    " loans-to-deposits ratio, ratio of loans to deposits",
    "claims_ratio": "claims ratio, medical cost ratio, medical care ratio, loss ratio",
    "operating_ratio": "operating ratio",
    "payout_ratio": "payout ratio, dividend payout ratio",
    "free_cash_flow": "free cash flow, free cash flows, fcf, free-cash-flow",
    "working_capital": "working capital, net working capital",
}

_NEGATED: dict[str, str] = {
    "net_income": "net loss, net losses, loss, losses, bottom-line loss, loss for the year",
    "operating_income": "operating loss, operating losses, loss from operations",
    "pretax_income": "pre-tax loss, pretax loss, loss before tax, loss before taxes",
    "gross_profit": "gross loss",
    "diluted_eps": "loss per share, loss per diluted share, loss a share, diluted loss per share,"
    " net loss per share, loss a diluted share, net loss per diluted share",
    "operating_cash_flow": "cash in operations, cash in operating activities, cash used in"
    " operations, cash used in operating activities, operating cash outflow, cash outflow from"
    " operations, operating cash burn, cash used by operations, net cash used in operations,"
    " net cash used in operating activities, cash in its operations, cash burn from operations",
    "investing_cash_flow": "cash used in investing, cash used in investing activities, investing"
    " cash outflow, net cash used in investing activities, cash in investing activities",
    "financing_cash_flow": "cash used in financing, cash used in financing activities, financing"
    " cash outflow, net cash used in financing activities, cash in financing activities",
    "free_cash_flow": "free cash outflow, negative free cash flow, free cash flow deficit",
    "equity": "shareholders' deficit, stockholders' deficit, equity deficit",
    "retained_earnings": "accumulated deficit",
}


# Phrases that are lists themselves; text writes them with a comma.
_LISTS = ("selling general", "property plant")


def _phrases(listed: str) -> list[str]:
    plain = [" ".join(phrase.split()) for phrase in listed.split(",")]
    commas = [p.replace(" ", " , ", 1) for p in plain if p.startswith(_LISTS)]
    return plain + commas


MEASURES: dict[str, Term] = {
    **{phrase: Plain(key) for key, listed in _PLAIN.items() for phrase in _phrases(listed)},
    **{
        phrase: Negated(Plain(key))
        for key, listed in _NEGATED.items()
        for phrase in _phrases(listed)
    },
    "debt to equity": Quotient(Plain("borrowings"), Plain("equity")),
    "current ratio": Quotient(Plain("current_assets"), Plain("current_liabilities")),
}
