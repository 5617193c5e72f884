"""Run in a process of its own: commit folders to one repository of the Hub, each under a tag of its own.

Arguments are the repository and then pairs of a tag and a folder. What an earlier folder had and a later one has not is
deleted, as a publication does.
"""

import sys
from pathlib import Path

from huggingface_hub import CommitOperationAdd, CommitOperationDelete, HfApi


def _upload(repo: str, tag: str, folder: Path) -> None:
    api = HfApi()
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    gone = set(api.list_repo_files(repo, repo_type="dataset")) - files.keys() - {".gitattributes"}
    operations = [CommitOperationAdd(name, path) for name, path in sorted(files.items())]
    deletions = [CommitOperationDelete(name) for name in sorted(gone)]
    commit = api.create_commit(repo, [*operations, *deletions], commit_message=tag, repo_type="dataset")
    api.create_tag(repo, tag=tag, revision=commit.oid, repo_type="dataset")


if __name__ == "__main__":
    HfApi().create_repo(sys.argv[1], repo_type="dataset", private=True)
    for tag, folder in zip(sys.argv[2::2], sys.argv[3::2], strict=True):
        _upload(sys.argv[1], tag, Path(folder))
