"""A replica of Careerly, both generations, with our own text: the truth that crawls of it are held against."""
