"""What the law asks to publish: subsidies, mediation places, financial reports.

Each file is refused while something compulsory is missing, and says what and where to write it.
"""
