"""What every front end and the service share: the local API's types, client and settings. No Qt."""
