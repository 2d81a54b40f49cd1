"""A small export in the shape of the real one."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

ACCOUNTS: Final = """account,sector,year_established,revenue,employees,office_location,subsidiary_of
Acme Corporation,technolgy,1996,1100.04,2822,United States,
Betatech,medical,1986,647.18,many,Kenya,Acme Corporation
"""
PRODUCTS: Final = """product,series,sales_price
GTX Pro,GTX,4821
MG Special,MG,55.50
"""
TEAMS: Final = """sales_agent,manager,regional_office
Moses Frase,Dustin Brinkmann,Central
Anna Snelling,Dustin Brinkmann,Central
Boris Faz,Rocco Neubert,East
"""
PIPELINE_HEAD: Final = (
    "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value\n"
)
PIPELINE: Final = (
    PIPELINE_HEAD
    + """W1,Moses Frase,GTXPro,Acme Corporation,Won,2016-10-20,2017-03-01,4514
L1,Anna Snelling,MG Special,Betatech,Lost,2016-10-25,2017-03-11,0
E1,Boris Faz,MG Special,,Engaging,2016-11-01,,
P1,Boris Faz,GTX Pro,,Prospecting,,,
"""
)


def write(folder: Path, **files: str) -> Path:
    """The export in a folder; ``files`` replaces some by name, without the ending."""
    whole: Mapping[str, str] = {
        "accounts": ACCOUNTS,
        "products": PRODUCTS,
        "sales_teams": TEAMS,
        "sales_pipeline": PIPELINE,
    }
    for name, content in {**whole, **files}.items():
        (folder / f"{name}.csv").write_text(content)
    return folder
