          # The Hub gives a workflow that it trusts a token of its own, for an hour; where it does not, the secret stands in.
          if ! hf auth token > /dev/null 2> "$RUNNER_TEMP/exchange.txt"; then
            unset HF_OIDC_RESOURCE
            echo "The Hub does not trust this workflow, or was not reached; the secret HF_TOKEN is used."
            if [ -z "$HF_TOKEN" ]; then
              echo "There is none, so nothing can be published. docs/unattended.md says how to have it trusted." >&2
            fi
          fi
