/// State, input, next state, and what is said. Each row was compared with its RFC when it was written down.
extension MachineWalkTests {
    static let clientSubscriptionTable = """
        answered again          | 1st 200 alone  | ended                   | ended
        answered again          | 1st 401        | ended                   | ended
        answered again          | 1st 423        | sent again              | SUBSCRIBE
        answered again          | 1st 481        | ended                   | ended
        answered again          | 1st 503        | pausing                 |
        answered again          | 1st silence    | pausing                 |
        answered again          | deactivated    | pausing                 |
        answered again          | deadline       | pausing                 |
        answered again          | end            | unsubscribing           | SUBSCRIBE-0
        answered again          | giveup         | pausing                 |
        answered again          | late deadline  | pausing                 |
        answered again          | live           | subscribed              |
        answered again          | rejected       | ended                   | ended
        answered                | 1st 200 alone  | ended                   | ended
        answered                | 1st 401        | ended                   | ended
        answered                | 1st 423        | sent                    | SUBSCRIBE
        answered                | 1st 481        | ended                   | ended
        answered                | 1st 503        | ended                   | ended
        answered                | 1st silence    | ended                   | ended
        answered                | deactivated    | sent again              | SUBSCRIBE-anew
        answered                | deadline       | ended                   | ended
        answered                | end            | unsubscribing           | SUBSCRIBE-0
        answered                | giveup         | pausing                 |
        answered                | late deadline  | ended                   | ended
        answered                | live           | subscribed              |
        answered                | rejected       | ended                   | ended
        ending early            | 1st 200 alone  | ended                   | ended
        ending early            | 1st 200        | unsubscribing           | SUBSCRIBE-0
        ending early            | 1st 204        | unsubscribing           | SUBSCRIBE-0
        ending early            | 1st 401        | ended                   | ended
        ending early            | 1st 423        | ended                   | ended
        ending early            | 1st 481        | ended                   | ended
        ending early            | 1st 503        | ended                   | ended
        ending early            | 1st silence    | ended                   | ended
        ending early            | deactivated    | ended                   | ended
        ending early            | deadline       | ended                   | ended
        ending early            | giveup         | ended                   | ended
        ending early            | late deadline  | ended                   | ended
        ending early            | live           | unsubscribing           | SUBSCRIBE-0
        ending early            | rejected       | ended                   | ended
        ending late             | 1st 200 alone  | unsubscribing           | SUBSCRIBE-0
        ending late             | 1st 200        | unsubscribing           | SUBSCRIBE-0
        ending late             | 1st 204        | unsubscribing           | SUBSCRIBE-0
        ending late             | 1st 401        | unsubscribing           | SUBSCRIBE-0
        ending late             | 1st 423        | unsubscribing           | SUBSCRIBE-0
        ending late             | 1st 481        | unsubscribing           | SUBSCRIBE-0
        ending late             | 1st 503        | unsubscribing           | SUBSCRIBE-0
        ending late             | 1st silence    | unsubscribing           | SUBSCRIBE-0
        ending late             | 2nd 200 alone  | unsubscribing           | SUBSCRIBE-0
        ending late             | 2nd 200        | unsubscribing           | SUBSCRIBE-0
        ending late             | 2nd 204        | unsubscribing           | SUBSCRIBE-0
        ending late             | 2nd 401        | unsubscribing           | SUBSCRIBE-0
        ending late             | 2nd 423        | unsubscribing           | SUBSCRIBE-0
        ending late             | 2nd 481        | ended                   | ended
        ending late             | 2nd 503        | unsubscribing           | SUBSCRIBE-0
        ending late             | 2nd silence    | unsubscribing           | SUBSCRIBE-0
        ending late             | deactivated    | ended                   | ended
        ending late             | giveup         | ended                   | ended
        ending late             | rejected       | ended                   | ended
        failing                 | 1st 200 alone  | ended                   | ended
        failing                 | 1st 200        | subscribed              |
        failing                 | 1st 204        | subscribed              |
        failing                 | 1st 401        | running out             |
        failing                 | 2nd 401        | running out             |
        failing                 | deactivated    | sent again              | SUBSCRIBE-anew
        failing                 | deadline       | refreshing              | SUBSCRIBE
        failing                 | end            | unsubscribing           | SUBSCRIBE-0
        failing                 | giveup         | pausing                 |
        failing                 | late deadline  | pausing                 |
        failing                 | refresh        | refreshing              | SUBSCRIBE
        failing                 | rejected       | ended                   | ended
        fetched                 | 1st 200 alone  | ended                   | ended
        fetched                 | 1st 401        | ended                   | ended
        fetched                 | 1st 423        | ended                   | ended
        fetched                 | 1st 481        | ended                   | ended
        fetched                 | 1st 503        | ended                   | ended
        fetched                 | 1st silence    | ended                   | ended
        fetched                 | deactivated    | ended                   | ended
        fetched                 | deadline       | ended                   | ended
        fetched                 | giveup         | ended                   | ended
        fetched                 | late deadline  | ended                   | ended
        fetched                 | rejected       | ended                   | ended
        fetching                | 1st 200 alone  | ended                   | ended
        fetching                | 1st 200        | fetched                 |
        fetching                | 1st 204        | fetched                 |
        fetching                | 1st 401        | ended                   | ended
        fetching                | 1st 423        | ended                   | ended
        fetching                | 1st 481        | ended                   | ended
        fetching                | 1st 503        | ended                   | ended
        fetching                | 1st silence    | ended                   | ended
        fetching                | deactivated    | ended                   | ended
        fetching                | deadline       | ended                   | ended
        fetching                | giveup         | ended                   | ended
        fetching                | late deadline  | ended                   | ended
        fetching                | rejected       | ended                   | ended
        pausing                 | deadline       | sent again              | SUBSCRIBE-anew
        pausing                 | end            | ended                   | ended
        pausing                 | late deadline  | sent again              | SUBSCRIBE-anew
        pausing                 | refresh        | sent again              | SUBSCRIBE-anew
        refreshing              | 1st 200 alone  | ended                   | ended
        refreshing              | 1st 200        | subscribed              |
        refreshing              | 1st 204        | subscribed              |
        refreshing              | 1st 401        | running out             |
        refreshing              | 1st 481        | sent again              | SUBSCRIBE-anew
        refreshing              | 1st 503        | failing                 |
        refreshing              | 1st silence    | failing                 |
        refreshing              | 2nd 200        | subscribed              |
        refreshing              | 2nd 204        | subscribed              |
        refreshing              | 2nd 401        | running out             |
        refreshing              | 2nd 423        | refreshing              | SUBSCRIBE
        refreshing              | 2nd 481        | sent again              | SUBSCRIBE-anew
        refreshing              | 2nd 503        | failing                 |
        refreshing              | 2nd silence    | failing                 |
        refreshing              | deactivated    | sent again              | SUBSCRIBE-anew
        refreshing              | end            | ending late             |
        refreshing              | giveup         | pausing                 |
        refreshing              | rejected       | ended                   | ended
        running out             | 1st 200 alone  | ended                   | ended
        running out             | 1st 200        | subscribed              |
        running out             | 1st 204        | subscribed              |
        running out             | deactivated    | sent again              | SUBSCRIBE-anew
        running out             | deadline       | refreshing              | SUBSCRIBE
        running out             | end            | unsubscribing           | SUBSCRIBE-0
        running out             | giveup         | pausing                 |
        running out             | late deadline  | pausing                 |
        running out             | refresh        | refreshing              | SUBSCRIBE
        running out             | rejected       | ended                   | ended
        sent again              | 1st 200 alone  | ended                   | ended
        sent again              | 1st 200        | answered again          |
        sent again              | 1st 204        | answered again          |
        sent again              | 1st 401        | ended                   | ended
        sent again              | 1st 423        | sent again              | SUBSCRIBE
        sent again              | 1st 481        | ended                   | ended
        sent again              | 1st 503        | pausing                 |
        sent again              | 1st silence    | pausing                 |
        sent again              | deactivated    | pausing                 |
        sent again              | deadline       | pausing                 |
        sent again              | end            | ending early            |
        sent again              | giveup         | pausing                 |
        sent again              | late deadline  | pausing                 |
        sent again              | live           | refreshing              |
        sent again              | rejected       | ended                   | ended
        sent                    | 1st 200 alone  | ended                   | ended
        sent                    | 1st 200        | answered                |
        sent                    | 1st 204        | answered                |
        sent                    | 1st 401        | ended                   | ended
        sent                    | 1st 423        | sent                    | SUBSCRIBE
        sent                    | 1st 481        | ended                   | ended
        sent                    | 1st 503        | ended                   | ended
        sent                    | 1st silence    | ended                   | ended
        sent                    | deactivated    | sent again              | SUBSCRIBE-anew
        sent                    | deadline       | ended                   | ended
        sent                    | end            | ending early            |
        sent                    | giveup         | pausing                 |
        sent                    | late deadline  | ended                   | ended
        sent                    | live           | refreshing              |
        sent                    | rejected       | ended                   | ended
        subscribed              | 1st 200 alone  | ended                   | ended
        subscribed              | 1st 401        | running out             |
        subscribed              | 1st 481        | sent again              | SUBSCRIBE-anew
        subscribed              | 1st 503        | failing                 |
        subscribed              | 1st silence    | failing                 |
        subscribed              | 2nd 401        | running out             |
        subscribed              | deactivated    | sent again              | SUBSCRIBE-anew
        subscribed              | deadline       | refreshing              | SUBSCRIBE
        subscribed              | end            | unsubscribing           | SUBSCRIBE-0
        subscribed              | giveup         | pausing                 |
        subscribed              | late deadline  | refreshing              | SUBSCRIBE
        subscribed              | refresh        | refreshing              | SUBSCRIBE
        subscribed              | rejected       | ended                   | ended
        unsubscribed            | deactivated    | ended                   | ended
        unsubscribed            | deadline       | ended                   | ended
        unsubscribed            | giveup         | ended                   | ended
        unsubscribed            | last 200 alone | ended                   | ended
        unsubscribed            | last 204       | ended                   | ended
        unsubscribed            | last 401       | ended                   | ended
        unsubscribed            | last 423       | ended                   | ended
        unsubscribed            | last 481       | ended                   | ended
        unsubscribed            | last 503       | ended                   | ended
        unsubscribed            | last silence   | ended                   | ended
        unsubscribed            | late deadline  | ended                   | ended
        unsubscribed            | rejected       | ended                   | ended
        unsubscribing           | deactivated    | unsubscribing, notified |
        unsubscribing           | giveup         | unsubscribing, notified |
        unsubscribing           | last 200 alone | ended                   | ended
        unsubscribing           | last 200       | unsubscribed            |
        unsubscribing           | last 204       | ended                   | ended
        unsubscribing           | last 401       | ended                   | ended
        unsubscribing           | last 423       | ended                   | ended
        unsubscribing           | last 481       | ended                   | ended
        unsubscribing           | last 503       | ended                   | ended
        unsubscribing           | last silence   | ended                   | ended
        unsubscribing           | rejected       | unsubscribing, notified |
        unsubscribing, notified | last 200 alone | ended                   | ended
        unsubscribing, notified | last 200       | ended                   | ended
        unsubscribing, notified | last 204       | ended                   | ended
        unsubscribing, notified | last 401       | ended                   | ended
        unsubscribing, notified | last 423       | ended                   | ended
        unsubscribing, notified | last 481       | ended                   | ended
        unsubscribing, notified | last 503       | ended                   | ended
        unsubscribing, notified | last silence   | ended                   | ended
        """

    static let serverSubscriptionTable = """
        about to end           | 200             | ending                 | NOTIFY-last
        about to end           | 481             | ended                  | ended
        about to end           | 500             | ending                 | NOTIFY-last
        about to end           | 503 for 9 s     | ending                 | NOTIFY-last
        about to end           | silence         | ended                  | ended
        ending                 | 200             | ended                  | ended
        ending                 | 481             | ended                  | ended
        ending                 | 500             | ended                  | ended
        ending                 | 503 for 9 s     | ended                  | ended
        ending                 | silence         | ended                  | ended
        held back              | 200             | idle                   |
        held back              | 481             | ended                  | ended
        held back              | 500             | idle                   |
        held back              | deadline        | notifying              | NOTIFY
        held back              | end             | ending                 | NOTIFY-last
        held back              | leave knowing   | ended                  | 204 ended
        held back              | leave           | ending                 | 200 NOTIFY-last
        held back              | renew knowing   | held back              | 204
        held back              | renew           | notifying              | 200 NOTIFY
        held back              | silence         | ended                  | ended
        held back              | terminate       | ending                 | NOTIFY-last
        idle                   | 481             | ended                  | ended
        idle                   | 503 for 9 s     | held back              |
        idle                   | change          | notifying              | NOTIFY
        idle                   | deadline        | ending                 | NOTIFY-last
        idle                   | end             | ending                 | NOTIFY-last
        idle                   | leave knowing   | ended                  | 204 ended
        idle                   | leave           | ending                 | 200 NOTIFY-last
        idle                   | renew knowing   | idle                   | 204
        idle                   | renew           | notifying              | 200 NOTIFY
        idle                   | silence         | ended                  | ended
        idle                   | terminate       | ending                 | NOTIFY-last
        notifying              | 200             | idle                   |
        notifying              | 481             | ended                  | ended
        notifying              | 500             | idle                   |
        notifying              | 503 for 9 s     | held back              |
        notifying              | change          | notifying, more to say |
        notifying              | deadline        | about to end           |
        notifying              | end             | about to end           |
        notifying              | leave knowing   | ended                  | 204 ended
        notifying              | leave           | about to end           | 200
        notifying              | renew knowing   | notifying              | 204
        notifying              | renew           | notifying, more to say | 200
        notifying              | silence         | ended                  | ended
        notifying              | terminate       | about to end           |
        notifying, more to say | 200             | notifying              | NOTIFY
        notifying, more to say | 481             | ended                  | ended
        notifying, more to say | 500             | notifying              | NOTIFY
        notifying, more to say | 503 for 9 s     | held back              |
        notifying, more to say | deadline        | about to end           |
        notifying, more to say | end             | about to end           |
        notifying, more to say | leave knowing   | ended                  | 204 ended
        notifying, more to say | leave           | about to end           | 200
        notifying, more to say | renew knowing   | notifying, more to say | 204
        notifying, more to say | renew           | notifying, more to say | 200
        notifying, more to say | silence         | ended                  | ended
        notifying, more to say | terminate       | about to end           |
        requested              | accept          | notifying              | 200 NOTIFY
        requested              | deadline        | ended                  | 500 ended
        requested              | end             | ended                  | 480 ended
        requested              | no subscription | ended                  | ended
        requested              | reject          | ended                  | 403 ended
        requested              | terminate       | ended                  | 403 ended
        """

    static let clientPublicationTable = """
        ending             | 200      | removing           | PUBLISH-0
        ending             | 401      | removing           | PUBLISH-0
        ending             | 403      | removing           | PUBLISH-0
        ending             | 412      | ended              | ended
        ending             | 423      | removing           | PUBLISH-0
        ending             | 503      | removing           | PUBLISH-0
        ending, unknown    | 200      | removing           | PUBLISH-0
        ending, unknown    | 401      | ended              | ended
        ending, unknown    | 403      | ended              | ended
        ending, unknown    | 412      | ended              | ended
        ending, unknown    | 423      | ended              | ended
        ending, unknown    | 503      | ended              | ended
        first              | 200      | published          |
        first              | 401      | ended              | ended
        first              | 403      | ended              | ended
        first              | 412      | ended              | ended
        first              | 423      | first              | PUBLISH
        first              | 503      | pausing, unknown   |
        first              | end      | ending, unknown    |
        first              | modify   | first, more to say |
        first, more to say | 200      | later              | PUBLISH
        first, more to say | 401      | ended              | ended
        first, more to say | 403      | ended              | ended
        first, more to say | 412      | ended              | ended
        first, more to say | 423      | first, more to say | PUBLISH
        first, more to say | 503      | pausing, unknown   |
        first, more to say | end      | ending, unknown    |
        later              | 200      | published          |
        later              | 401      | ended              | ended
        later              | 403      | ended              | ended
        later              | 412      | first              | PUBLISH
        later              | 423      | later              | PUBLISH
        later              | 503      | pausing            |
        later              | end      | ending             |
        later              | modify   | later, more to say |
        later, more to say | 200      | later              | PUBLISH
        later, more to say | 401      | ended              | ended
        later, more to say | 403      | ended              | ended
        later, more to say | 412      | first              | PUBLISH
        later, more to say | 423      | later, more to say | PUBLISH
        later, more to say | 503      | pausing            |
        later, more to say | end      | ending             |
        pausing            | deadline | later              | PUBLISH
        pausing            | end      | removing           | PUBLISH-0
        pausing, unknown   | deadline | first              | PUBLISH
        pausing, unknown   | end      | ended              | ended
        published          | deadline | later              | PUBLISH-refresh
        published          | end      | removing           | PUBLISH-0
        published          | modify   | later              | PUBLISH
        removing           | 200      | ended              | ended
        removing           | 401      | ended              | ended
        removing           | 403      | ended              | ended
        removing           | 412      | ended              | ended
        removing           | 423      | ended              | ended
        removing           | 503      | ended              | ended
        """

    static let clientPagerMessageTable = """
        ending                  | 200      | ended                   | delivered ended
        ending                  | 404      | ended                   | failed ended
        ending                  | late 200 | ended                   | delivered ended
        ending                  | message  | ending, some given back | given-back
        ending, some given back | 200      | ended                   | delivered ended
        ending, some given back | 404      | ended                   | failed ended
        ending, some given back | late 200 | ended                   | delivered ended
        ending, some given back | message  | ending, some given back | given-back
        flushing the last       | 200      | ended                   | delivered ended
        flushing the last       | 404      | ended                   | failed ended
        flushing the last       | late 200 | ended                   | delivered ended
        flushing the last       | message  | flushing                |
        flushing                | 200      | flushing the last       | delivered MESSAGE
        flushing                | 404      | ended                   | failed given-back ended
        flushing                | late 200 | ended                   | delivered given-back ended
        sending                 | 200      | ended                   | delivered ended
        sending                 | 404      | ended                   | failed ended
        sending                 | end      | ending                  |
        sending                 | flush    | flushing the last       |
        sending                 | late 200 | ended                   | delivered ended
        sending                 | message  | sending, more to come   |
        sending, more to come   | 200      | sending                 | delivered MESSAGE
        sending, more to come   | 404      | sending                 | failed MESSAGE
        sending, more to come   | end      | ending, some given back | given-back
        sending, more to come   | flush    | flushing                |
        sending, more to come   | late 200 | sending                 | delivered MESSAGE
        """
}
