"""Script of the pages."""

from dashboard.entry import navigation

navigation.run()
