"""The catalogue of what a company reports: line items, and the ratios made of them.

A line item names the XBRL concepts that mean it, best first; a company is read
through the one of them that its latest report uses, so that growth never
compares two definitions. A ratio names its parts and nothing else: who writes
it and who checks it compute it each for themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Statement(StrEnum):
    INCOME = "Income statement"
    BALANCE = "Balance sheet"
    CASH_FLOW = "Cash flow"
    SHARES = "Per share and share counts"
    COVER = "Cover page"


class Unit(StrEnum):
    MONEY = "money"
    PER_SHARE = "per_share"
    SHARES = "shares"


@dataclass(frozen=True)
class Item:
    """A reported line item."""

    key: str
    name: str
    statement: Statement
    concepts: tuple[str, ...]
    unit: Unit = Unit.MONEY

    @property
    def is_instant(self) -> bool:
        return self.statement in {Statement.BALANCE, Statement.COVER}


@dataclass(frozen=True)
class Ratio:
    """``numerator / denominator`` of the same period, printed as a percentage.

    Where the denominator is a balance-sheet item and the numerator a flow, the
    balance is the one at the end of the period (no averaging).
    """

    key: str
    name: str
    numerator: str
    denominator: str


@dataclass(frozen=True)
class Difference:
    """``minuend - subtrahend`` of the same period."""

    key: str
    name: str
    minuend: str
    subtrahend: str


@dataclass(frozen=True)
class Sum:
    """The sum of parts of which at least one is reported (a part not reported is no part)."""

    key: str
    name: str
    parts: tuple[str, ...]


Measure = Item | Ratio | Difference | Sum


def _gaap(*names: str) -> tuple[str, ...]:
    return tuple(name if ":" in name else f"us-gaap:{name}" for name in names)


def _item(
    key: str, name: str, statement: Statement, *concepts: str, unit: Unit = Unit.MONEY
) -> Item:
    return Item(key, name, statement, _gaap(*concepts), unit)


_I, _B, _C, _S = Statement.INCOME, Statement.BALANCE, Statement.CASH_FLOW, Statement.SHARES

# fmt: off
ITEMS: tuple[Item, ...] = (
    # Income statement
    _item("revenue", "revenue", _I, "Revenues",
        "RevenueFromContractWithCustomerExcludingAssessedTax", "RevenuesNetOfInterestExpense",
        "SalesRevenueNet", "RevenueFromContractWithCustomerIncludingAssessedTax",
        "RealEstateRevenueNet", "ifrs-full:Revenue",
        "ifrs-full:RentalIncomeFromInvestmentProperty"),
    _item("cost_of_revenue", "cost of revenue", _I, "CostOfRevenue",
        "CostOfGoodsAndServicesSold", "CostOfGoodsSold", "ifrs-full:CostOfSales"),
    _item("gross_profit", "gross profit", _I, "GrossProfit", "ifrs-full:GrossProfit"),
    _item("research_and_development", "research and development expense", _I,
        "ResearchAndDevelopmentExpense",
        "ResearchAndDevelopmentExpenseExcludingAcquiredInProcessCost",
        "ResearchAndDevelopmentExpenseSoftwareExcludingAcquiredInProcessCost"),
    _item("sales_and_administration", "selling, general and administrative expense", _I,
        "SellingGeneralAndAdministrativeExpense"),
    _item("sales_and_marketing", "sales and marketing expense", _I,
        "SellingAndMarketingExpense", "MarketingExpense"),
    _item("administration", "general and administrative expense", _I,
        "GeneralAndAdministrativeExpense", "ifrs-full:GeneralAndAdministrativeExpense"),
    _item("operating_expenses", "operating expenses", _I, "OperatingExpenses",
        "CostsAndExpenses", "BenefitsLossesAndExpenses"),
    _item("operating_income", "operating income", _I, "OperatingIncomeLoss",
        "ifrs-full:ProfitLossFromOperatingActivities"),
    _item("interest_expense", "interest expense", _I, "InterestExpense",
        "InterestExpenseNonoperating", "InterestExpenseDebt", "ifrs-full:InterestExpense",
        "ifrs-full:FinanceCosts"),
    _item("pretax_income", "pre-tax income", _I,
        "IncomeLossFromContinuingOperationsBeforeIncomeTaxesExtraordinaryItemsNoncontrollingInterest",
        "IncomeLossFromContinuingOperationsBeforeIncomeTaxesMinorityInterestAndIncomeLossFromEquityMethodInvestments",
        "ifrs-full:ProfitLossBeforeTax"),
    _item("income_tax", "income tax expense", _I, "IncomeTaxExpenseBenefit",
        "ifrs-full:IncomeTaxExpenseContinuingOperations"),
    _item("net_income", "net income", _I, "NetIncomeLoss", "ProfitLoss",
        "ifrs-full:ProfitLoss"),
    _item("depreciation", "depreciation and amortization", _I,
        "DepreciationDepletionAndAmortization", "DepreciationAndAmortization",
        "DepreciationAmortizationAndAccretionNet", "Depreciation",
        "ifrs-full:AdjustmentsForDepreciationAndAmortisationExpense"),
    _item("stock_compensation", "stock-based compensation", _I, "ShareBasedCompensation",
        "AllocatedShareBasedCompensationExpense"),
    # Banks
    _item("net_interest_income", "net interest income", _I, "InterestIncomeExpenseNet"),
    _item("noninterest_income", "non-interest income", _I, "NoninterestIncome"),
    _item("noninterest_expense", "non-interest expense", _I, "NoninterestExpense"),
    _item("credit_provision", "provision for credit losses", _I,
        "ProvisionForLoanLeaseAndOtherLosses", "ProvisionForCreditLosses",
        "ProvisionForLoanAndLeaseLosses",
        "FinancingReceivableExcludingAccruedInterestCreditLossExpenseReversal"),
    # Insurers
    _item("premiums", "premiums earned", _I, "PremiumsEarnedNet",
        "PremiumsEarnedNetPropertyAndCasualty", "PremiumsEarnedNetLife"),
    _item("claims_incurred", "medical and insurance claims incurred", _I,
        "PolicyholderBenefitsAndClaimsIncurredNet",
        "PolicyholderBenefitsAndClaimsIncurredHealthCare",
        "IncurredClaimsPropertyCasualtyAndLiability"),
    _item("investment_income", "investment income", _I, "InvestmentIncomeInterestAndDividend",
        "NetInvestmentIncome"),
    # Real estate
    _item("rental_income", "rental income", _I, "OperatingLeaseLeaseIncome",
        "OperatingLeasesIncomeStatementLeaseRevenue",
        "ifrs-full:RentalIncomeFromInvestmentProperty"),
    _item("property_operating_cost", "property operating cost", _I,
        "DirectCostsOfLeasedAndRentedPropertyOrEquipment",
        "ifrs-full:DirectOperatingExpenseFromInvestmentProperty"),
    # Energy
    _item("exploration", "exploration expense", _I, "ExplorationExpense"),
    # Balance sheet
    _item("cash", "cash and equivalents", _B, "CashAndCashEquivalentsAtCarryingValue",
        "ifrs-full:CashAndCashEquivalents"),
    _item("short_term_investments", "short-term investments", _B, "MarketableSecuritiesCurrent",
        "ShortTermInvestments", "AvailableForSaleSecuritiesDebtSecuritiesCurrent"),
    _item("receivables", "receivables", _B, "AccountsReceivableNetCurrent",
        "ReceivablesNetCurrent"),
    _item("inventory", "inventory", _B, "InventoryNet", "EnergyRelatedInventory"),
    _item("current_assets", "current assets", _B, "AssetsCurrent", "ifrs-full:CurrentAssets"),
    _item("property", "property, plant and equipment", _B, "PropertyPlantAndEquipmentNet",
        "PropertyPlantAndEquipmentAndFinanceLeaseRightOfUseAssetAfterAccumulatedDepreciationAndAmortization"),
    _item("investment_property", "investment property", _B, "RealEstateInvestmentPropertyNet",
        "ifrs-full:InvestmentProperty"),
    _item("goodwill", "goodwill", _B, "Goodwill"),
    _item("total_assets", "total assets", _B, "Assets", "ifrs-full:Assets"),
    _item("current_liabilities", "current liabilities", _B, "LiabilitiesCurrent",
        "ifrs-full:CurrentLiabilities"),
    _item("deferred_revenue", "deferred revenue", _B, "ContractWithCustomerLiabilityCurrent",
        "DeferredRevenueCurrent"),
    _item("remaining_obligations", "remaining performance obligations", _B,
        "RevenueRemainingPerformanceObligation"),
    _item("long_term_debt", "long-term debt", _B, "LongTermDebtNoncurrent", "LongTermDebt",
        "LongTermDebtAndCapitalLeaseObligations", "ifrs-full:LongtermBorrowings"),
    _item("current_debt", "debt due within a year", _B, "LongTermDebtCurrent", "DebtCurrent",
        "LongTermDebtAndCapitalLeaseObligationsCurrent",
        "ifrs-full:CurrentPortionOfLongtermBorrowings"),
    _item("total_liabilities", "total liabilities", _B, "Liabilities", "ifrs-full:Liabilities"),
    _item("equity", "shareholders' equity", _B, "StockholdersEquity",
        "StockholdersEquityIncludingPortionAttributableToNoncontrollingInterest",
        "ifrs-full:EquityAttributableToOwnersOfParent", "ifrs-full:Equity"),
    _item("retained_earnings", "retained earnings", _B, "RetainedEarningsAccumulatedDeficit",
        "ifrs-full:RetainedEarnings"),
    _item("deposits", "deposits", _B, "Deposits"),
    _item("loans", "loans", _B,
        "FinancingReceivableExcludingAccruedInterestAfterAllowanceForCreditLoss",
        "LoansAndLeasesReceivableNetReportedAmount",
        "FinancingReceivableExcludingAccruedInterestBeforeAllowanceForCreditLoss",
        "NotesReceivableNet"),
    _item("claims_payable", "claims payable", _B,
        "LiabilityForClaimsAndClaimsAdjustmentExpense"),
    # Cash flow
    _item("operating_cash_flow", "operating cash flow", _C,
        "NetCashProvidedByUsedInOperatingActivities",
        "NetCashProvidedByUsedInOperatingActivitiesContinuingOperations",
        "ifrs-full:CashFlowsFromUsedInOperatingActivities"),
    _item("capital_expenditure", "capital expenditure", _C,
        "PaymentsToAcquirePropertyPlantAndEquipment", "PaymentsToAcquireProductiveAssets",
        "PaymentsToAcquireRealEstateHeldForInvestment",
        "ifrs-full:PurchaseOfInvestmentProperty"),
    _item("investing_cash_flow", "investing cash flow", _C,
        "NetCashProvidedByUsedInInvestingActivities",
        "ifrs-full:CashFlowsFromUsedInInvestingActivities"),
    _item("financing_cash_flow", "financing cash flow", _C,
        "NetCashProvidedByUsedInFinancingActivities",
        "ifrs-full:CashFlowsFromUsedInFinancingActivities"),
    _item("buybacks", "share buybacks", _C, "PaymentsForRepurchaseOfCommonStock"),
    _item("dividends_paid", "dividends paid", _C, "PaymentsOfDividendsCommonStock",
        "PaymentsOfDividends", "ifrs-full:DividendsPaidClassifiedAsFinancingActivities"),
    # Per share and share counts
    _item("diluted_eps", "diluted earnings per share", _S, "EarningsPerShareDiluted",
        "ifrs-full:DilutedEarningsLossPerShare", unit=Unit.PER_SHARE),
    _item("dividend_per_share", "dividend per share", _S,
        "CommonStockDividendsPerShareDeclared", "CommonStockDividendsPerShareCashPaid",
        unit=Unit.PER_SHARE),
    _item("diluted_shares", "diluted shares", _S,
        "WeightedAverageNumberOfDilutedSharesOutstanding",
        "ifrs-full:AdjustedWeightedAverageShares", unit=Unit.SHARES),
    # Cover page
    _item("shares_outstanding", "shares outstanding", Statement.COVER,
        "dei:EntityCommonStockSharesOutstanding", unit=Unit.SHARES),
    _item("public_float", "public float", Statement.COVER, "dei:EntityPublicFloat"),
)
# fmt: on

RATIOS: tuple[Ratio, ...] = (
    Ratio("gross_margin", "gross margin", "gross_profit", "revenue"),
    Ratio("operating_margin", "operating margin", "operating_income", "revenue"),
    Ratio("net_margin", "net margin", "net_income", "revenue"),
    Ratio("tax_rate", "effective tax rate", "income_tax", "pretax_income"),
    Ratio(
        "research_intensity",
        "research and development as a share of revenue",
        "research_and_development",
        "revenue",
    ),
    Ratio(
        "administration_intensity",
        "selling, general and administrative expense as a share of revenue",
        "sales_and_administration",
        "revenue",
    ),
    Ratio(
        "capital_intensity",
        "capital expenditure as a share of revenue",
        "capital_expenditure",
        "revenue",
    ),
    Ratio(
        "stock_compensation_intensity",
        "stock-based compensation as a share of revenue",
        "stock_compensation",
        "revenue",
    ),
    Ratio("free_cash_flow_margin", "free cash flow margin", "free_cash_flow", "revenue"),
    Ratio("return_on_equity", "return on equity", "net_income", "equity"),
    Ratio("return_on_assets", "return on assets", "net_income", "total_assets"),
    Ratio("equity_ratio", "equity as a share of total assets", "equity", "total_assets"),
    Ratio("efficiency_ratio", "efficiency ratio", "noninterest_expense", "revenue"),
    Ratio("loans_to_deposits", "loans as a share of deposits", "loans", "deposits"),
    Ratio("claims_ratio", "claims ratio", "claims_incurred", "premiums"),
    Ratio("operating_ratio", "operating ratio", "operating_expenses", "revenue"),
    Ratio(
        "liabilities_ratio",
        "liabilities as a share of total assets",
        "total_liabilities",
        "total_assets",
    ),
    Ratio("payout_ratio", "dividends as a share of net income", "dividends_paid", "net_income"),
)

DIFFERENCES: tuple[Difference, ...] = (
    Difference("free_cash_flow", "free cash flow", "operating_cash_flow", "capital_expenditure"),
    Difference("working_capital", "working capital", "current_assets", "current_liabilities"),
)

SUMS: tuple[Sum, ...] = (Sum("borrowings", "borrowings", ("long_term_debt", "current_debt")),)

_ALL: tuple[Measure, ...] = (*ITEMS, *RATIOS, *DIFFERENCES, *SUMS)
CATALOGUE: dict[str, Measure] = {measure.key: measure for measure in _ALL}
ITEM_OF_CONCEPT: dict[str, Item] = {
    concept: item for item in reversed(ITEMS) for concept in reversed(item.concepts)
}
