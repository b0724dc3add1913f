#!/usr/bin/env bash
# Plays a jam, a retry and a collection against a sandbox, with nothing but curl and grep.
#
#   SANDBOX_URL=http://127.0.0.1:4010 SANDBOX_TOKEN=… ./jam-and-retry.sh
set -euo pipefail

# Prints a field of a flat part of a JSON text.
field() { grep -o "\"$1\":\"[^\"]*\"" | head -n 1 | cut -d '"' -f 4; }

# Calls the control API: METHOD PATH [BODY].
control() { curl --silent --show-error --fail-with-body -X "$1" "$SANDBOX_URL/_sandbox$2" ${3:+-d "$3"}; }

# Calls Wise's API about the card: METHOD [BODY].
wise() {
  curl --silent --show-error -X "$1" "$SANDBOX_URL/v3/spend/profiles/123456/cards/$card/production" \
    -H "Authorization: Bearer $SANDBOX_TOKEN" -H "Content-Type: application/json" ${2:+-d "$2"}
}

control GET /health > /dev/null
card=$(control POST /cards '{"profileId":123456}' | field cardToken)
echo "added: $(control GET "/cards/$card" | field status)"

# The response to the first print is lost, although the kiosk prints. So read before you print again.
control POST /faults '{"fault":"lost-response","operation":"produceCard"}' > /dev/null
wise PUT '{"kioskId":"WIS00001"}' 2> /dev/null || echo "first print: no response"
echo "read: $(wise GET | field status)"

# The kiosk jams.
control POST "/cards/$card/fail" '{"errorCode":"PRD_HOPPER_JAM"}' > /dev/null
jammed=$(control GET "/cards/$card")
echo "jammed: $(echo "$jammed" | field errorCode), next step $(echo "$jammed" | field nextStep)"

# The second print succeeds, but its webhooks arrive in the wrong order.
control POST /deliveries/hold > /dev/null
echo "second print: $(wise PUT '{"kioskId":"WIS00002"}' | field status)"
control POST "/cards/$card/collect" > /dev/null
echo "collected: $(wise GET | field status)"
control POST /deliveries/release '{"order":"reversed"}' > /dev/null
echo "prints: $(control GET "/cards/$card" | grep -o '"prints":[0-9]*' | cut -d : -f 2)"
echo "requests: $(control GET "/requests?cardToken=$card&operation=produceCard" | grep -o '"tookEffect":true' | wc -l | tr -d ' ')"
