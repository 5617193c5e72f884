"""How does a discussion unfold after an outage? Comments over time, replies, and edits, out of one dataset.

    python examples/outage.py dataset            # a folder that `postkeep export` wrote
    python examples/outage.py OWNER/NAME         # a dataset on the Hub

Each `# %%` begins a cell: editors and Jupyter (through jupytext) run it as a notebook. The plot goes to outage.png.
"""

# %% What is asked, and of what
import sys

import matplotlib.pyplot as plt
import pandas as pd
from datasets import load_dataset

SOURCE = sys.argv[1] if len(sys.argv) > 1 else "dataset"
PICTURE = sys.argv[2] if len(sys.argv) > 2 else "outage.png"
ABOUT = r"장애|outage|incident|down(?:time)?\b"


def moment(at: pd.Timestamp) -> str:
    """A time of capture; that of a page that was handed in without one is null."""
    return "at an unknown time" if pd.isna(at) else f"{at:%Y-%m-%d %H:%M} UTC"


posts = load_dataset(SOURCE, "posts", split="train").to_pandas()
comments = load_dataset(SOURCE, "comments", split="train").to_pandas()
revisions = load_dataset(SOURCE, "revisions", split="train").to_pandas()

# %% Which discussion: the one about an outage that has most comments
words = posts["title"].fillna("") + " " + posts["text"].fillna("")
about = posts[words.str.contains(ABOUT, case=False, regex=True) & (posts["comments_captured"] > 0)]
if about.empty:
    sys.exit(
        f"{SOURCE} has no discussion about an outage. Change ABOUT to the words of the posts that you are after."
    )
post = about.sort_values(["comments_captured", "post_id"], ascending=[False, True]).iloc[0]
thread = comments[comments["post_id"] == post["post_id"]].sort_values("position")
print(f"{post['title']}\n{post['url']}: {len(thread)} comments, seen {moment(post['captured_at'])}")

# %% Comments over time. A date that the page does not give is null: such comments have no place on this axis, and are counted.
begun = post["published_at"]
dated = thread.dropna(subset=["published_at"])
hours = ((dated["published_at"] - begun).dt.total_seconds() / 3600).sort_values()
print(f"{len(thread) - len(dated)} comments without a date are left out of the time axis.")
for share in (0.25, 0.5, 0.9):
    print(
        f"{share:.0%} of the dated comments had come after {hours.quantile(share, interpolation='higher'):.1f} hours."
    )

# %% Replies: who answers whom, and how long it takes. `parent_id` is null at the top of the thread.
replies = dated[dated["parent_id"].notna()].merge(
    dated[["comment_id", "published_at"]],
    left_on="parent_id",
    right_on="comment_id",
    suffixes=("", "_of_parent"),
)
waits = (replies["published_at"] - replies["published_at_of_parent"]).dt.total_seconds() / 60
by_author = thread[thread["author_id"] == post["author_id"]]
print(
    f"{len(replies)} of {len(thread)} comments are replies; half of them came within {waits.median():.0f} minutes."
)
print(f"{len(by_author)} comments are by whoever began the discussion.")

# %% What was taken back and what was rewritten. The first text of an item is revision 1, so an edit is any later one.
deleted = thread["status"].isin(["placeholder", "absent"])
own = revisions[revisions["item_id"].isin([post["post_id"], *thread["comment_id"]])]
edits = own[own["revision"] > 1].sort_values("observed_at")
print(f"{deleted.sum()} comments were deleted, and {len(edits)} texts were edited:")
for edit in edits.itertuples():
    print(
        f"  {edit.item_type} {edit.item_id.rpartition('#')[2]}, {edit.field}: seen {moment(edit.observed_at)}"
    )

# %% The plots
figure, (over_time, over_depth) = plt.subplots(1, 2, figsize=(10, 3.6), layout="constrained")
over_time.step([0, *hours], range(len(hours) + 1), where="post")
over_time.set(
    xscale="symlog",
    xlim=(0, None),
    xlabel="hours since the post",
    ylabel="comments so far",
    title="Comments over time",
)
depths = thread["depth"].dropna().astype(int).value_counts().sort_index()
over_depth.bar(depths.index, depths.to_numpy())
over_depth.set(
    xlabel="depth in the thread (0 answers the post)", ylabel="comments", title="Replies", xticks=depths.index
)
figure.savefig(PICTURE, dpi=110)
print(f"The plots are in {PICTURE}.")
